#!/bin/sh
# backup.sh HEED TAP - a copy while signals come in, back again; what goes wrong leaves nothing behind.
set -u
# shellcheck source=t/frame.sh
. t/frame.sh

lines() { awk -v from="$1" -v to="$2" 'BEGIN { for (i = from; i <= to; i++) printf "{\"words\":\"answer %d\",\"score:nps\":%d,\"source\":\"s\",\"external_id\":\"%d\"}\n", i, i % 11, i }'; }
count() { "$heed" tally count --json --store "$1" 2>/dev/null | sed 's/.*"value":\([0-9]*\).*/\1/'; }

lines 1 3000 >many.jsonl
run 0 "$heed" import many.jsonl --source s; ok "a store of 3000" $?
run 0 "$heed" tally nps --json && cp out figures
run 0 "$heed" backup copy.db && says "copy.db: 3000 signals, copied and checked"; ok "is copied" $?
[ "$(ls copy.db*)" = copy.db ]; ok "into one file" $?
run 2 "$heed" backup copy.db && says "is there already"; ok "a copy never replaces a file" $?
run 2 "$heed" backup; ok "a copy wants a name" $?
run 1 "$heed" backup no/folder/copy.db && [ ! -e no ]; ok "a folder that is not there is told" $?
run 0 "$heed" check --store copy.db && says "3000 signals, 0 findings"; ok "the copy is a sound store" $?
rm -rf copy.db.tally

lines 3001 3200 >more.jsonl
run 0 "$heed" import more.jsonl --source s
run 2 "$heed" restore copy.db --store heed.db && says "is there already" && [ "$(count heed.db)" = 3200 ]; ok "restoring replaces no store" $?
mv heed.db lost.db; rm -f heed.db-wal heed.db-shm
run 0 "$heed" restore copy.db --store heed.db && says "3000 signals, restored"; ok "the copy becomes the store" $?
run 0 "$heed" tally nps --json && cmp -s out figures; ok "with the same figures, beside the tally of the lost one" $?
run 0 "$heed" check && says "3000 signals, 0 findings"; ok "and all that belongs to it" $?
cp copy.db by_hand.db; cp -r heed.db.tally by_hand.db.tally
run 0 "$heed" import more.jsonl --store by_hand.db --source s && run 0 "$heed" check --store by_hand.db && [ "$(count by_hand.db)" = 3200 ]
ok "put back by hand it works too" $?

if command -v curl >/dev/null; then
    serve
    key=$(key_for "signals.write metrics.read")
    ( i=0; while [ $i -lt 40 ]; do lines $((10000 + i * 100)) $((10099 + i * 100)) | curl -s -m 120 -o /dev/null \
        -H "Authorization: Bearer $key" -H "Content-Type: application/x-ndjson" --data-binary @- \
        "http://127.0.0.1:$port/api/v1/signals"; i=$((i + 1)); done ) & sender=$!
    took_some() { [ "$(count heed.db)" -gt 3000 ]; }
    eventually took_some; run 0 "$heed" backup live.db; ok "a server that takes signals is copied" $?
    wait $sender; had=$(count live.db); now=$(count heed.db)
    run 0 "$heed" check --store live.db && says " 0 findings" && [ "$had" -ge 3000 ] && [ "$now" -eq 7000 ]
    ok "the copy is of one moment ($had of $now signals), whole batches" $?
    stop
fi

head -c 300000 copy.db >torn.db
run 1 "$heed" restore torn.db --store new.db && ! ls new.db* >/dev/null 2>&1; ok "half a backup is refused and leaves nothing" $?
echo "not a store" >text.db
run 2 "$heed" restore text.db --store new.db || run 1 "$heed" restore text.db --store new.db; [ ! -e new.db ]; ok "so is what is no store" $?
run 2 "$heed" restore nowhere.db --store new.db; ok "and what is not there" $?

finish
