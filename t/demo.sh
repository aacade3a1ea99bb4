#!/bin/sh
# demo.sh HEED TAP - the demo as a newcomer meets it: a filled store, a link to begin, signals that keep coming.
set -u
command -v curl >/dev/null || { echo "ok - the demo, served # SKIP curl is not installed" >"$2"; exit 0; }
# shellcheck source=t/frame.sh
. t/frame.sh

run 0 "$heed" demo --signals 600 && says "SCORES"; ok "the simulated company is there" $?
serve --demo 1200; ok "and is served" $?
link=$(sed -n 's|.*\(http://127.0.0.1:[0-9]*/setup#[A-Za-z0-9_-]*\)$|\1|p' log)
[ -n "$link" ]; ok "with a link for the first administrator" $?
key=$(key_for "signals.read metrics.read tickets.read")
call 200 GET "/api/v1/tally?metric=count"; before=$(number value)
listen "http://127.0.0.1:$port/api/v1/events"
eventually grep -q '^event: signals' events; ok "who looks on hears new signals" $?
unlisten
has_more() { call 200 GET "/api/v1/tally?metric=count" && [ "$(number value)" -gt $((before + 20)) ]; }
eventually has_more; ok "they are counted at once ($before, then $(number value))" $?
call 200 GET "/api/v1/voices?limit=1" && says "\"occurred_at\":\"$(date -u +%Y-%m-%d)"; ok "the newest is of today" $?
curl -s -m 120 -o out -D head -d "{\"token\":\"${link#*#}\",\"name\":\"ann\",\"password\":\"nine white horses\"}" \
    "http://127.0.0.1:$port/api/v1/setup" && says '"role":"admin"'; ok "the link makes the first administrator" $?
stop; ok "it ends when asked" $?
run 0 "$heed" check && says " 0 findings"; ok "and its store is sound" $?
printf 'id,words\n1,a real customer\n' >own.csv
run 0 "$heed" import own.csv --store own.db
run 2 "$heed" serve --store own.db --listen 127.0.0.1:0 --demo 5 && says "simulated company"; ok "nothing invented is mixed with what is real" $?
finish
