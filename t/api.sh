#!/bin/sh
# api.sh HEED TAP - the API as curl meets it, from the real binary: keys, signals, figures, files, restart.
# Writes one TAP line a test; needs a shell, awk, gzip and curl.
set -u
command -v curl >/dev/null || { echo "ok - the API by curl # SKIP curl is not installed" >"$2"; exit 0; }
# shellcheck source=t/frame.sh
. t/frame.sh

serve; ok "the server makes its store and says its port" $?
key=$(key_for "signals.read signals.write metrics.read tickets.read tickets.write rules.read rules.write export")
[ -n "$key" ]; ok "a key is made on the command line" $?
right=$key key=heed_key_wrong
call 401 GET "/api/v1/tally?metric=count" && says '"status":401'; ok "without a key nothing is told" $?
key=$right
json 200 GET "/api/v1/tally?metric=count" && says '"value":0'; ok "an empty store counts nothing" $?

json 200 POST /api/v1/signals -d '{"words":"the delivery was far too late","score:nps":1,"channel":"web","external_id":"1"}' \
    && says '"added":1'; ok "one signal goes in" $?
json 200 POST /api/v1/signals -d '{"words":"the delivery was far too late","external_id":"1"}' && says '"known":1'
ok "the same again is known" $?
awk 'BEGIN { for (i = 2; i <= 500; i++) printf "{\"words\":\"answer %d\",\"score:nps\":%d,\"channel\":\"%s\",\"external_id\":\"%d\"}\n", i, i % 11, i % 2 ? "call" : "web", i; print "{broken" }' >many
gzip -c many >many.gz
call 207 POST /api/v1/signals -H 'Content-Type: application/x-ndjson' -H 'Content-Encoding: gzip' --data-binary @many.gz \
    && [ "$(number added)" = 499 ] && [ "$(number rejected)" = 1 ] && says '"index":499'; ok "lines, gzipped, with a broken one" $?
call 400 POST /api/v1/signals -d '[' && says '"detail"'; ok "a broken document is refused in one sentence" $?
call 200 POST /api/v1/signals -H 'Idempotency-Key: k1' -d '{"words":"once"}' && cp out first &&
    call 200 POST /api/v1/signals -H 'Idempotency-Key: k1' -d '{"words":"once"}' && cmp -s out first; ok "a replay is told the same" $?
call 409 POST /api/v1/signals -H 'Idempotency-Key: k1' -d '{"words":"twice"}'; ok "its key is good for one body" $?

same=0
for q in "nps" "nps --by channel" "count --by score:nps" "share:channel=call" "topbox:score:nps:2 --by channel"; do
    metric=${q%% *} by=${q#* --by }; [ "$by" = "$q" ] && by=
    call 200 GET "/api/v1/tally" -G --data-urlencode "metric=$metric" --data-urlencode "by=$by" || same=1
    # shellcheck disable=SC2086 # the words of the question
    "$heed" tally $q --json >cli 2>err || same=1
    [ "$(cat out)" = "$(cat cli)" ] || { same=1; echo "differs: $q" >>out; }
done
ok "figures are those of the command line, to the byte" $same
call 200 GET "/api/v1/pains?lang=en" && "$heed" pains --json >cli && [ "$(cat out)" = "$(cat cli)" ]; ok "so are the pains" $?
call 400 GET "/api/v1/tally?metric=nps&by=chanel" && says "did you mean"; ok "a misspelt column is named" $?
call 400 GET "/api/v1/tally?metric=nps&where=channel+%3D" && says "where: at"; ok "a broken expression says where" $?

cursor= seen=0
while :; do
    call 200 GET "/api/v1/voices?limit=100&cursor=$cursor" || break
    seen=$((seen + $(grep -o '"external_id":' out | wc -l)))
    cursor=$(sed -n 's/.*"next_cursor":"\([^"]*\)".*/\1/p' out)
    [ -n "$cursor" ] || break
done
[ "$seen" -eq 501 ]; ok "cursors lead through all voices ($seen)" $?

json 201 POST /api/v1/rules -d '{"name":"angry","condition":"score:nps = 0","action":"ticket","params":{"department":"service"}}'
ok "a rule is added" $?
json 200 POST /api/v1/rules/try -d '{"condition":"score:nps = 0"}' && [ "$(number matches)" = 45 ]; ok "a condition is tried on the past" $?
json 200 POST /api/v1/signals -d '{"words":"never again","score:nps":0}'
call 200 GET "/api/v1/tickets" -G --data-urlencode "where=rule_id = 3" && [ "$(number total)" = 1 ]; ok "it opens a ticket at once" $?
call 200 GET /api/v1/tickets/1 && says '"voice":{'; tag=$(field etag)
json 409 PATCH /api/v1/tickets/1 -d '{"state":"closed"}'; ok "a ticket does not close without an outcome" $?
json 200 PATCH /api/v1/tickets/1 -H "If-Match: $tag" -d '{"state":"closed","outcome":"explained"}'; ok "with one it does" $?
json 412 PATCH /api/v1/tickets/1 -H "If-Match: $tag" -d '{"note":"x"}'; ok "an old version is not overwritten" $?

printf 'comment,when,stars\nfine,2026-01-01,5\n"late, again",2026-01-02,1\nodd,yesterday,3\n' >reviews.csv
call 201 POST "/api/v1/imports?name=reviews.csv" --data-binary @reviews.csv && says '"state":"planned"' && says '"field":"words"'
ok "a file is uploaded and its plan shown" $?
id=$(number id)
json 200 POST "/api/v1/imports/$id/plan" -d '{"set":{"channel":"review"}}' && says '"channel":"review"'; ok "the plan is changed" $?
json 202 POST "/api/v1/imports/$id/start"; ok "it starts" $?
is_read() { call 200 GET "/api/v1/imports/$id" && says '"finished":true'; }
eventually is_read
says '"added":2' && says '"rejected":1'; ok "it ends, with two rows taken and one refused" $?
call 200 GET "/api/v1/imports/$id/rejects" && says yesterday; ok "the refused row is there, with its reason" $?

listen "http://127.0.0.1:$port/api/v1/events"
json 200 POST /api/v1/signals -d '{"words":"live"}'
eventually grep -q '^event: signals' events && eventually grep -q '"added":[1-9]' events; ok "who listens hears of it" $?
unlisten

call 200 GET "/api/v1/export?what=tally&metric=nps&by=channel" && says "channel,metric,definition"; ok "figures as CSV" $?
call 200 GET "/api/v1/export?what=voices&format=jsonl" && [ "$(wc -l <out)" -eq 505 ]; ok "voices as JSON Lines" $?
call 200 GET /api/v1/openapi.json && says '"openapi":"3.1.0"' && says '"/api/v1/tickets/{id}"'; ok "the API describes itself" $?
have=$(curl -s -m 20 -o out -w '%{http_code}' -u "$key:" -d '{"event":"paid","userId":"u","messageId":"m1"}' "http://127.0.0.1:$port/v1/track")
[ "$have" = 200 ] && says '"success":true'; ok "Segment's door takes a key as name" $?

for i in 1 2 3 4; do
    (j=0; while [ $j -lt 25 ]; do curl -s -m 20 -o /dev/null -H "Authorization: Bearer $key" \
        -d "{\"words\":\"w\",\"source\":\"load\",\"external_id\":\"$i-$j\"}" "http://127.0.0.1:$port/api/v1/signals"; j=$((j + 1)); done) &
    eval "job$i=$!"
done
wait "$job1" "$job2" "$job3" "$job4"
call 200 GET "/api/v1/tally?metric=count&where=source+%3D+%27load%27" && says '"value":100'; ok "four senders at once: each signal once" $?
json 200 POST /api/v1/signals -d '{"words":"forget me-4711","customer":"phone:me-4711"}'
right=$key key=$(key_for "users.write audit.read")
json 200 POST /api/v1/erasures -d '{"customer":"phone:me-4711"}' && says '"signals":1' && says '"state":"done"'; ok "a person is erased, with a receipt" $?
json 404 POST /api/v1/erasures -d '{"customer":"phone:me-4711"}' && json 400 POST /api/v1/erasures -d '{}'; ok "nobody is erased twice" $?
call 200 GET /api/v1/erasures && says '"erasures":[{' && ! says me-4711; ok "receipts do not say who it was" $?
! grep -q me-4711 heed.db heed.db-wal heed.db.tally/* 2>/dev/null; ok "no file has a byte of them" $?
key=$right
call 200 GET "/api/v1/tally?metric=count"; before=$(number value)
stop; ok "it ends when asked" $?
serve; ok "and starts again" $?
call 200 GET "/api/v1/tally?metric=count" && [ "$(number value)" = "$before" ]; ok "with all it acknowledged ($before)" $?
call 200 POST /api/v1/signals -H 'Idempotency-Key: k1' -d '{"words":"once"}' && cmp -s out first; ok "and its memory of replays" $?
stop
"$heed" check >out 2>&1; ok "the store is sound" $?

finish
