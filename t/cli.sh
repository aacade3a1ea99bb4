#!/bin/sh
# cli.sh HEED TAP - the command line as its user meets it: fixed words, exit codes, sentences, files.
# Writes one TAP line a test; needs nothing but a shell, awk and gzip.
set -u
# shellcheck source=t/frame.sh
. t/frame.sh

run 0 "$heed" help && says import && says tally; ok "help lists the commands" $?
run 0 "$heed" help import && says "--dry-run"; ok "help knows each command" $?
run 2 "$heed" fly && says 'no command "fly"'; ok "an unknown command is the caller's fault, in one sentence" $?
run 2 "$heed" tally nps && says "there is no store at"; ok "without a store it says how to begin" $?

run 0 "$heed" calc && says "csat" && says "Wilson 1927"; ok "calc lists the methods with their sources" $?
run 0 "$heed" calc csat --help && says "(mean - 1) / 4" && says "counts_1_to_5"; ok "calc explains a method" $?
echo '{"counts_1_to_5":[1,2,3,10,4]}' >in.json
"$heed" calc csat <in.json >out 2>err && says '"top2":70'; ok "heed calc METHOD answers in JSON" $?
echo '{"counts_1_to_5":[1]}' >in.json
"$heed" calc csat <in.json >out 2>err; [ $? -eq 2 ] && says 'must hold 5 numbers, not 1'; ok "calc names a bad field" $?
run 2 "$heed" calc nothing && says 'no method "nothing"'; ok "an unknown method is the caller's fault" $?

awk 'BEGIN { print "id,how likely,comment,when,channel"
  for (i = 0; i < 500; i++) { s = i < 200 ? 9 + i % 2 : i < 350 ? i % 7 : 7 + i % 2
    printf "%d,%d,\"Answer %d, in words\",2026-0%d-1%d,%s\n", i, s, i, 1 + i % 6, i % 10, i % 2 ? "call" : "web" } }' >answers.csv
run 0 "$heed" import answers.csv --map score:nps="how likely" --map words=comment --map occurred_at=when \
    --map channel=channel --dry-run && says "score:nps" && [ ! -e heed.db ]; ok "a dry run shows the plan and stores nothing" $?
run 0 "$heed" import answers.csv --map score:nps="how likely" && says "500 added"; ok "a file goes in" $?
run 0 "$heed" import answers.csv --map score:nps="how likely" && says " 0 added, 500 known"; ok "a second time changes nothing" $?
run 0 "$heed" tally nps --json && says '"value":10,' && says '"low":2.68681' && says '"high":17.1939' && says '"n":500'
ok "500 answers, 200 promoters, 150 detractors: 10 [2.69, 17.19]" $?
run 0 "$heed" tally nps && says "10.0 points" && says "[2.69, 17.19]" && says "trend"; ok "for people: value, interval, trend" $?
run 0 "$heed" tally nps --by channel --json && says '"channel":"call"' && says '"channel":"web"'; ok "by channel" $?
run 0 "$heed" tally nps --by "month(occurred_at)" && says "2026-03"; ok "by month" $?
run 0 "$heed" tally count --where "channel = 'call' and score:nps <= 6" --json && says '"value":75'; ok "a filter" $?
run 0 "$heed" tally csat --json && says '"value":null' && says '"reason":"no_data"'; ok "nobody asked is null, with the reason" $?
run 0 "$heed" tally csat && says "n/a"; ok "and n/a for people, never 0" $?
run 0 "$heed" tally nps --where "words ~ 'answer 30,'" --json && says '"reason":"too_few"'; ok "below the minimum n no value is shown" $?
run 0 "$heed" tally topbox:score:nps:2 --json && says '"value":40,'; ok "top two boxes of a known scale" $?
run 0 "$heed" tally share:channel=call --json && says '"value":50,'; ok "a share" $?
run 0 "$heed" tally nps --by channel --versus "score:nps >= 0" --json && says '"change":0,' && says '"before":{"signals":'; ok "two conditions beside each other" $?
run 0 "$heed" tally nps --by channel --top 1 --json && [ "$(grep -o '"key"' out | wc -l)" = 1 ]; ok "only the largest" $?
run 0 "$heed" tally nps --by month --zone +09:00 --threads 2 --explain && says "ns a row"; ok "how much was read" $?
run 2 "$heed" tally nps --zone Mars/Phobos && says "Asia/Shanghai"; ok "a zone that is not there" $?
run 2 "$heed" tally nps --by chanel && says 'did you mean'; ok "a misspelt column is named" $?
run 2 "$heed" tally nps --where "channel = " && says "want"; ok "a broken expression says where" $?
run 2 "$heed" tally fun && says "there are:"; ok "an unknown metric lists those there are" $?
run 0 "$heed" voices --where "words ~ 'answer 7,'" --json && says '"words":"Answer 7, in words"'; ok "voices by their words" $?
run 0 "$heed" voices --where "words ~ 'nobody said this'" && says "No voices match"; ok "an empty answer says what to do" $?

cat >shop.csv <<'END'
customer,when,event
ann,2026-01-01T08:00,view
ann,2026-01-01T08:30,cart
ann,2026-01-02T08:00,pay
bob,2026-01-01T09:00,view
bob,2026-01-09T09:00,cart
cat,2026-01-03T09:00,cart
cat,2026-01-04T09:00,view
ann,2026-02-10T08:00,pay
END
run 0 "$heed" import shop.csv --store shop.db && says "8 added"; ok "events of customers go in" $?
run 0 "$heed" walk funnel --step view --step cart --step pay --window 3d --csv --store shop.db &&
    says ',view,3,100.00%' && says ',cart,1,33.33%' && says ',pay,1,33.33%'; ok "a funnel within a window" $?
run 0 "$heed" walk funnel --step view --step 'later := event = "cart"' --json --store shop.db && says '"name":"later"' &&
    says '"n":2,"share":0.6666666666666666'; ok "without one, and a step with a name" $?
run 0 "$heed" walk follows --json --store shop.db && says '"from":"view","to":"cart","n":2,"mean_ms":346500000'; ok "what follows what, how long after" $?
run 0 "$heed" walk variants --csv --store shop.db && says '1,33.33%,40.000 d,view > cart > pay > pay'; ok "whole journeys" $?
run 0 "$heed" walk paths --length 2 --csv --store shop.db && says 'view > cart > ...'; ok "and their first steps" $?
run 0 "$heed" walk cohort --json --store shop.db && says '"period":"2026-01"' && says '"active":[3,1]'; ok "cohorts by month" $?
run 0 "$heed" walk repurchase --where "event = 'pay'" --json --store shop.db && says '"new":1,"again":1,"rate":1' &&
    says '"median_days":39'; ok "who bought on another day" $?
run 0 "$heed" walk repurchase --where "event = 'refund'" --json --store shop.db && says '"rate":null'; ok "nobody new is null, never 0" $?
run 0 "$heed" walk sessions --gap 1h --json --store shop.db && says '"sessions":7,"single":6'; ok "sessions end with silence" $?
run 0 "$heed" walk stages --stage 'looks := view' --stage 'buys := pay' --at 2026-01-05 --json --store shop.db &&
    says '"name":"looks","now":2' && says '"name":"buys","now":1'; ok "where everybody stands" $?
run 0 "$heed" walk follows --store shop.db --explain && says "rows put in order first"; ok "what it cost" $?
run 2 "$heed" walk funnel --step view --window soon --store shop.db && says 'want a span'; ok "a wrong span is told" $?
run 2 "$heed" walk funnel --step view --within 3d --store shop.db && says 'knows no "within"'; ok "an option of another kind is told" $?
run 2 "$heed" walk fly --store shop.db && says '"kind" is one of'; ok "an unknown kind lists those there are" $?
run 2 "$heed" walk follows --case amount --store shop.db && says 'no text column'; ok "a case that is no text is told" $?

printf 'text,stars\nfine,5\n"broken,4\n"odd"x,3\nbad \377 bytes,2\n很好,5\n' >broken.csv
run 0 "$heed" import broken.csv --set channel=review && says "2 added" && says "rejected"; ok "broken rows are rejected, the others go in" $?
grep -q heed_reason broken.csv.rejected.csv && [ "$(grep -c . broken.csv.rejected.csv)" -ge 3 ]; ok "rejected rows are kept with their reasons" $?
gzip -c answers.csv >answers.csv.gz
run 0 "$heed" import answers.csv.gz --map score:nps="how likely" --source again && says "500 added"; ok "gzipped, under another source" $?
printf '{"text":"quick reply","at":"2026-02-03T04:05:06Z","score":{"nps":3}}\n{"text":"slow","at":"2026-02-04","score":{"nps":1}}\n' >two.jsonl
run 0 sh -c "\"$heed\" import - --source piped <two.jsonl" && says "2 added"; ok "standard input, JSON lines" $?
printf '{"data":[{"text":"one"},{"text":"two"},{"text":"three"}]}' >three.json
run 0 "$heed" import three.json && says "3 added"; ok "a JSON document" $?
run 2 "$heed" import nothing.csv && says "nothing.csv"; ok "a missing file is named" $?
head -c 300000 /dev/zero >zeros.csv
"$heed" import zeros.csv >out 2>err; [ $? -le 2 ] && [ "$(wc -l <err)" -le 25 ]; ok "a file of zeros gets its sentence" $?

run 0 "$heed" rule try --where "score:nps <= 1" && says "It would have matched"; ok "a rule is tried on the past" $?
run 2 "$heed" rule add bad --when "score:nps <" --then "ticket department=x" && says "want"; ok "a broken rule is refused" $?
run 2 "$heed" rule add bad --when "score:nps < 3" --then "ticket" && says "which department"; ok "so is an action without its parameters" $?
run 0 "$heed" rule add angry --when "score:nps <= 1 and source = 'later'" --then "ticket department=service due=4h priority=high"
ok "a rule is added" $?

echo "nine white horses" | run 0 "$heed" user add Ann --role admin && says "ann: may sign in"; ok "a user is added, the password by a pipe" $?
echo "short" | run 2 "$heed" user add bob --role analyst && says "at least 10 characters"; ok "a short password is refused" $?
echo "nine white horses" | run 2 "$heed" user add bob --role frontline && says "--department"; ok "frontline wants a department" $?
run 2 "$heed" user disable ann && says "the last who may change users"; ok "the last administrator stays" $?
run 0 "$heed" user list --json && says '"name":"ann"' && ! says argon2; ok "users are listed without their secrets" $?
run 0 "$heed" key add till && [ "$(wc -c <out)" -eq 59 ] && grep -q '^heed_key_' out; ok "a key is shown once" $?
run 0 "$heed" key list && says till && ! says heed_key_; ok "and never again" $?
run 2 "$heed" key add x --scopes moon.walk && says 'no right "moon.walk"'; ok "an unknown right is refused" $?
run 0 "$heed" key delete 1 && run 2 "$heed" key delete 1; ok "a key ends" $?
run 2 "$heed" rule add angry --when "score:nps <= 1" --then "ticket department=service"; ok "its name is taken once" $?
run 0 "$heed" import answers.csv --source later --map score:nps="how likely" && says "rules acted"; ok "rules act on what is heard" $?
matching=$("$heed" tally count --where "source = 'later' and score:nps <= 1" --json | sed 's/.*"value":\([0-9]*\).*/\1/')
run 0 "$heed" tickets --where "rule_id is not missing and source = 'later' and priority = 'high'" --limit 10000 --json
[ "$(grep -o '"title"' out | wc -l)" -eq "$matching" ] && [ "$matching" -gt 0 ]; ok "as many tickets as signals that match ($matching)" $?
first=$(sed 's/.*"tickets":\[{"id":\([0-9]*\).*/\1/' out)
run 2 "$heed" tickets close "$first" && says "outcome"; ok "a ticket does not close without an outcome" $?
run 0 "$heed" tickets close "$first" --outcome explained --note "called back" && says "closed"; ok "with one it does" $?
run 0 "$heed" tickets --where "state = 'closed'" --json && says '"total":1,'; ok "and is found closed" $?
run 2 "$heed" tickets close 999999 --outcome x; ok "a ticket that is not there" $?
run 0 "$heed" rule off angry && run 0 "$heed" rule list && says "off angry"; ok "a rule is switched off" $?

awk 'BEGIN { print "id,arm,bought,when"
  for (i = 0; i < 2000; i++) printf "%d,%s,%d,2026-02-0%d\n", i, i % 2 ? "letter" : "none", int(i / 2) % 10 < (i % 2 ? 3 : 2), 1 + i % 5 }' >trial.csv
run 0 "$heed" import trial.csv && says "2,000 added"; ok "a trial goes in" $?
run 2 "$heed" measure add letter lever=service design=trial outcome=median:x starts_at=2026-02-01 ends_at=2026-02-10 && says "want mean:COLUMN"
ok "a measure without an outcome is refused" $?
run 0 "$heed" measure add letter lever=service design=trial outcome="share:bought = 1" treated="arm = 'letter'" control="arm = 'none'" \
    starts_at=2026-02-01 ends_at=2026-02-10 cost=100 margin=2 signs_needed=finance; ok "a measure is planned" $?
run 2 "$heed" measure set letter verdict=effective && says "without an evaluation"; ok "nobody calls it effective" $?
run 2 "$heed" measure start letter && says "before finance has signed"; ok "it waits for signatures" $?
run 0 "$heed" measure sign letter --as finance && run 0 "$heed" measure start letter; ok "signed, it starts" $?
run 2 "$heed" measure set letter worth=0.2 && says "fixed when the measure started"; ok "what is looked for stands" $?
run 0 "$heed" measure evaluate letter && says "treated 0.3 (n 1000), control 0.2 (n 1000)" && says "effect +0.1 [0.0621" && says "is effective"
ok "the effect has n, an interval and a verdict" $?
run 0 "$heed" measure rox && says "ROX 100.0 %"; ok "what came back for the money" $?
run 2 "$heed" metric add bought formula=rates:x && says "no metric"; ok "a formula that is none is refused" $?
run 0 "$heed" metric add bought "formula=rate:bought = 1" "population=arm = 'letter'" "quality=n >= 5000" && says "version 1"; ok "a metric gets a name" $?
run 0 "$heed" metric add same "formula=rate:bought in (1)" "population=not arm != 'letter'" && says "bought is the same definition"
ok "one definition has one id" $?
run 0 "$heed" metric ask bought && says "30.0 %" && says "DEGRADED: n >= 5000, but it is 1,000"; ok "a broken rule is named" $?
run 0 "$heed" metric set bought minimum_n=10 && run 0 "$heed" metric history bought && says "1  20" && says "2  20"; ok "versions are kept" $?
run 0 "$heed" tally bought && says "Rate 30.0 %"; ok "a name is asked wherever a metric is" $?
run 0 "$heed" goal add sales metric=bought target=40 && run 0 "$heed" goal && says sales; ok "a goal is set" $?
run 2 "$heed" goal add odd metric=none; ok "a goal without a metric is refused" $?
run 0 "$heed" goal remove sales; ok "a goal ends" $?

awk 'BEGIN { print "id,when,region,device,score"
  for (i = 0; i < 4000; i++) { m = i % 2; r = int(i / 2) % 5; d = int(i / 10) % 4; s = 50 + i * 7919 % 41
    if (m && r == 3 && d == 1) s -= 25
    printf "%d,2026-0%d-%02d,region-%d,device-%d,%d\n", i, 4 + m, 1 + i % 28, r, d, s } }' >moved.csv
run 0 "$heed" import moved.csv --source moved --map attr:points=score && says "4,000 added"; ok "two months go in" $?
run 0 "$heed" why mean:points --from 2026-05 --where "source = 'moved'" && says "device = 'device-1' and region = 'region-3'" && says "beyond the rest" && ! says " 2. "
ok "why finds the slice that moved, and no other" $?
run 0 "$heed" why mean:points --from 2026-05 --where "source = 'moved'" --json && says '"conditions":[{"column":"device"'; ok "and tells programs" $?
run 0 "$heed" why mean:points --where "source = 'moved' and occurred_at < 2026-05-01" && says "No slice of"; ok "where nothing stands out it says so" $?
run 0 "$heed" why mean:points --against "region = 'region-0'" --where "source = 'moved'" && says "mix: who answered"; ok "two segments are compared" $?
run 2 "$heed" why mean:points --from 2026-05-01 && says "wants another, its last"; ok "one day is no period" $?
run 2 "$heed" why quantile:points --from 2026-05 --where "source = 'moved'" && says "no mean over signals"; ok "a quantile is no mean" $?
awk 'BEGIN { print "id,wait,price,noise,all"
  for (i = 0; i < 3000; i++) { w = int(i * 7919 % 97 / 97 * 5) + 1; p = int(i * 104729 % 89 / 89 * 5) + 1; z = int(i * 1299709 % 83 / 83 * 5) + 1
    y = 2 * w + p + i % 7; if (i % 10 == 0) w = 0
    printf "%d,%d,%d,%d,%d\n", i, w, p, z, y } }' >survey.csv
run 0 "$heed" import survey.csv --source survey --map attr:wait=wait --map attr:price=price --map attr:noise=noise --map attr:all=all
run 0 "$heed" drivers all --with wait,price,noise --na 0 --where "source = 'survey'" && says "n = 2,700 (300 more had a gap)" && says "0 (not significant)" && says "100 %"
ok "drivers are ranked, 0 is not applicable, noise is 0" $?
run 0 "$heed" drivers all --with wait,price,noise --where "source = 'survey'" && says "some answers are 0" ; ok "a code below the scale is doubted" $?
run 0 "$heed" drivers all --with wait --given price --where "source = 'survey'" --json && says '"given_r2":0.' && says '"method":"lmg"'; ok "what is known before is taken out" $?
run 2 "$heed" drivers all --with all --where "source = 'survey'" && says "cannot drive itself"; ok "an outcome does not drive itself" $?
run 2 "$heed" drivers all --with weather && says "no signal has a number"; ok "a driver that is not there" $?
run 2 "$heed" drivers && says "which outcome"; ok "drivers want an outcome" $?
run 2 "$heed" why && says "which metric"; ok "why wants a metric" $?

run 2 "$heed" alerts add x what=median && says "or volume"; ok "a watch on nothing known is refused" $?
run 0 "$heed" alerts add heard what=volume arl=200 && says "one false alarm in 200 days"; ok "a watch says how often it is wrong" $?
run 0 "$heed" alerts check && says "1 watches"; ok "watches look when told" $?
run 0 "$heed" alerts watches && says "heard"; ok "watches are listed" $?
run 0 "$heed" alerts test heard --days 20 && says "were to be expected"; ok "a watch is tried on the past" $?
run 0 "$heed" alerts relearn heard && run 0 "$heed" alerts off heard && says "is off"; ok "a watch is turned off" $?
run 2 "$heed" alerts ack 99 && says "no alert 99"; ok "an alert that is not there" $?
run 2 "$heed" report && says "which month"; ok "a report wants a month" $?
run 2 "$heed" report --month 2026-2 && says "such as 2026-03"; ok "and one that is a month" $?
run 0 "$heed" alerts --json && says '"alerts":['; ok "alerts for programs" $?

i=0; echo 'text,stars' >taught.csv
while [ $i -lt 60 ]; do i=$((i+1)); echo "\"visit $i was quick and thin\",1"; echo "\"visit $i was heavy and round\",5"; done >>taught.csv
run 0 "$heed" train sentiment taught.csv --text text --label stars && says "sentiment-1 is in use"; ok "a model is taught and put in use" $?
run 0 "$heed" train sentiment taught.csv --text text --label stars --dry-run --json && says '"better":true' && says '"task":"sentiment"'; ok "a dry run stores nothing" $?
run 0 "$heed" models && says "sentiment-1" && ! says "sentiment-2"; ok "models are listed" $?
run 0 "$heed" models ask sentiment "so heavy, so round" && says "positive" && says "what spoke for"; ok "a model says why" $?
run 0 "$heed" models show sentiment_zh && says '"class":"B"'; ok "what ships has a card too" $?
run 0 "$heed" models show sentiment-1 && says '"macro_f1"'; ok "a model has a card" $?
run 0 "$heed" models back sentiment && says "no model of your own"; ok "one can go back" $?
run 0 "$heed" models use sentiment-1 && run 0 "$heed" models back sentiment; ok "and forth" $?
awk 'BEGIN { print "id,when,words,rating"; n = split("desk lamp tree boat river stone glass paper train cloud", w, " ")
  for (i = 0; i < 80; i++) { t = ""; for (k = 0; k < 6; k++) t = t " " w[(i * 7 + k * (i % 9 + 1) + int(i / 10)) % n + 1]
    printf "r%d,2026-01-02,\"%s was %s\",%d\n", i, t, i % 2 ? "quick and thin" : "heavy and round", i % 2 ? 1 : 5 } }' >rated.csv
run 0 "$heed" import rated.csv --store rated.db --map score:rating5=rating && run 0 "$heed" train sentiment --scores --store rated.db && says "is in use"; ok "the scores of voices are labels" $?
run 2 "$heed" train sentiment --self --store rated.db && says "too few texts judge clearly"; ok "too little teaches nothing, in one sentence" $?
run 2 "$heed" train sentiment taught.csv --text text --label mood && says 'has no column'; ok "a column that is not there is named" $?
run 2 "$heed" train sentiment taught.csv --text stars --label text && says "is no sentiment"; ok "labels that are no sentiment are refused" $?

run 0 "$heed" endpoint && says "Nothing leaves this house"; ok "no endpoint yet: what to do" $?
run 2 "$heed" endpoint add ops --way webhook --address http://127.0.0.1:9/ && says "private network"; ok "an endpoint on this machine is refused" $?
run 2 "$heed" endpoint add ops --way pigeon --address https://hooks.invalid/ && says "there are: dingtalk, email"; ok "an unknown way: the ways there are" $?
run 0 "$heed" endpoint add ops --way webhook --address http://127.0.0.1:9/in --near && says "whsec_"; ok "a webhook gets a secret, shown once" $?
! cat heed.db heed.db-* 2>/dev/null | grep -q "127.0.0.1:9/in"; ok "its address lies sealed" $?
run 0 "$heed" endpoint list --json && says '"way":"webhook"' && ! says "whsec_"; ok "endpoints for programs" $?
run 1 "$heed" endpoint test ops && says "did not arrive"; ok "a test message nobody takes says why" $?
run 0 "$heed" rule add tell-ops --when "touchpoint = 'counter'" --then 'send to=ops' && printf 'id,when,touchpoint,words\n1,2026-03-01,counter,a long queue\n' >queue.csv && run 0 "$heed" import queue.csv; ok "a rule that sends" $?
run 0 "$heed" outbox && says "pending"; ok "the outbox shows what waits" $?
run 0 "$heed" outbox send && says "0 arrived, 1 will be tried again" && run 0 "$heed" outbox --state pending --json && says '"attempts":1'; ok "what did not arrive is tried again" $?
run 2 "$heed" endpoint delete ops && says "messages wait"; ok "an endpoint something waits for stays" $?
run 0 "$heed" endpoint off ops && run 0 "$heed" outbox send && says "0 arrived, 0 will"; ok "nothing leaves to one that is off" $?
run 2 "$heed" rule add tell-them --when "touchpoint = 'counter'" --then 'send to=ops audience=customer' && says "purpose"; ok "a customer is written to for a purpose" $?
run 0 "$heed" contact && says "3 messages to one customer in 7 days"; ok "the contact policy" $?
run 0 "$heed" contact --most 2 --quiet 20:30-08:00 --zone Asia/Shanghai && says "20:30 to 08:00"; ok "and changed" $?
run 2 "$heed" contact --quiet sometimes && says "21:00-09:00"; ok "quiet hours that are none" $?
run 0 "$heed" contact optout Gone@shop.invalid && ! cat heed.db heed.db-* 2>/dev/null | grep -qi "gone@shop"; ok "who left is kept as a hash" $?
run 0 "$heed" rule off tell-ops; ok "the rule is off again" $?

printf 'id,when,customer,words\n1,2026-03-01,member:eve-4711,the parcel for eve-4711 is late\n2,2026-03-02,member:adam,fine\n3,never,member:eve-4711,rejected\n' >people.csv
run 0 "$heed" import people.csv --rejects people.rejected.csv && says "2 added"; ok "two people" $?
run 0 "$heed" erase --customer member:eve-4711 --rejects people.rejected.csv && says "1 signals" && says "1 rejected rows" && says "no file of the store"; ok "one is erased" $?
! grep -q eve-4711 heed.db heed.db-wal heed.db.tally/* people.rejected.csv 2>/dev/null; ok "no file has a byte of them" $?
run 2 "$heed" erase --customer member:eve-4711 && says "no customer is known"; ok "nobody is erased twice" $?
run 2 "$heed" erase && says "wants --customer"; ok "erase wants to know whom" $?
run 0 "$heed" erase --finish && says "0 still wait"; ok "nothing is left to wipe" $?
run 0 "$heed" reread --where "source = 'people'" && says "read again: 1 signals"; ok "what was heard is read again" $?
run 0 "$heed" check && says " 0 findings"; ok "check finds nothing wrong" $?
rm -rf heed.db.tally
run 0 "$heed" tally nps --where "source = 'answers.csv' or source = 'answers'" --json && says '"value":10,'; ok "without its tally the store answers the same" $?
find heed.db.tally -type f | head -1 | while read -r f; do printf 'x' | dd of="$f" bs=1 seek=40 conv=notrunc 2>/dev/null; done
run 0 "$heed" tally nps --where "source = 'answers.csv' or source = 'answers'" --json && says '"value":10,'; ok "a damaged tally is rebuilt, never wrong" $?
run 0 "$heed" reindex && says "rebuilt"; ok "reindex" $?
run 0 "$heed" pains --json && says '"pains":'; ok "pains" $?
run 0 "$heed" delights --json && says '"delights":'; ok "delights" $?
run 0 "$heed" overview && says "SCORES"; ok "overview" $?
echo "this is no database, it is a text of some length that nobody can open as one" >text.db
run 1 "$heed" tally nps --store text.db || run 2 "$heed" tally nps --store text.db; ok "a file that is no store is refused" $?

finish
