#!/bin/sh
# words.sh - the command line as scripts use it: the fixed words of every command, one JSON document.
#
# words.sh HEED     prints TAP; needs the sqlite3 shell to judge JSON
set -u
heed=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
dir=$(mktemp -d "${TMPDIR:-/tmp}/heed-words-XXXXXX")
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
export HEED_LANG=en LC_ALL=C.UTF-8
unset HEED_STORE
code=0
failures=0

# run WORD... - heed with these words; what it said is in out and err, its exit code in $code
run() {
    "$heed" "$@" >out 2>err </dev/null
    code=$?
}

# test_that NAME CONDITION... - one test
test_that() {
    name=$1
    shift
    if "$@"; then
        echo "ok - $name"
    else
        echo "not ok - $name"
        echo "# exit $code; out: $(head -c 300 out | tr '\n' ' '); err: $(head -c 300 err | tr '\n' ' ')"
        failures=$((failures + 1))
    fi
}

exits() { [ "$code" -eq "$1" ]; }
says() { [ "$code" -eq 0 ] && grep -qF -- "$1" out; }
# refused CODE WORDS - nothing on stdout, one sentence on stderr
refused() { [ "$code" -eq "$1" ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] && grep -qF -- "$2" err; }
json() { sqlite3 :memory: "select json_extract(readfile('out'), '$1')"; }
json_is() { [ "$code" -eq 0 ] && [ "$(json "$1")" = "$2" ]; }
near() { [ "$code" -eq 0 ] && [ "$(sqlite3 :memory: "select abs(json_extract(readfile('out'), '$1') - $2) <= 0.005")" = 1 ]; }
valid() { [ "$code" -eq 0 ] && [ "$(sqlite3 :memory: "select json_valid(readfile('out'))")" = 1 ]; }

# 500 answers, 200 of them 9 or 10 and 150 of them 0 to 6
answers() {
    awk 'BEGIN {
        split("call,chat,survey", channel, ",")
        print "id,when,channel,nps,comment"
        for (i = 1; i <= 500; i++) {
            score = i <= 200 ? 9 + i % 2 : i <= 350 ? i % 7 : 7 + i % 2
            said = i <= 200 ? "服务很好,很满意" : i <= 350 ? "快递太慢了,等了两周" : ""
            printf "%d,2026-0%d-%02d 10:00,%s,%d,\"%s\"\n", i, i % 6 + 1, i % 28 + 1, channel[i % 3 + 1], score, said
        }
    }'
}
answers >answers.csv

run help
test_that "help lists the commands" says import
for name in $(sed -n 's/^  \([a-z]*\)  .*/\1/p' out); do
    run help "$name"
    test_that "heed help $name tells its usage" says "usage: heed $name"
done
run help --man
test_that "the manual page is made" says .TH
run --version
test_that "the version is said" says heed
run dance
test_that "an unknown command is the caller's fault" refused 2 dance
run tally nps --wehre x
test_that "an unknown option is the caller's fault" refused 2 wehre
run tally nps
test_that "no store yet: one sentence says how to begin" refused 2 heed.db

run import answers.csv --map score:nps=nps --dry-run
test_that "a dry run shows the plan" says comment
test_that "and stores nothing" test ! -e heed.db
run import answers.csv --map score:nps=nps --dry-run --json
test_that "the plan is one JSON document" valid
run import nowhere.csv
test_that "a file that is not there is named" refused 2 nowhere.csv
run import answers.csv --map score:nps
test_that "a half mapping is the caller's fault" refused 2 map
run import answers.csv --map score:nps=npss
test_that "a column that is not there is named" refused 2 npss

run import answers.csv --map score:nps=nps --json
test_that "an import adds what is new" json_is '$.files[0].added' 500
run import answers.csv --map score:nps=nps --json
test_that "the same file again adds nothing" json_is '$.files[0].added' 0
run import - --json --source stdin
test_that "an empty stream is told" test "$code" -ne 0

run import answers.csv --map score:nps=nps --silent --store silent.db --json
test_that "without reading, as many go in" json_is '$.files[0].added' 500
run tally nps --json
test_that "200 promoters and 150 detractors of 500 give 10" near '$.cells[0].value' 10
test_that "with the interval from 2.69" near '$.cells[0].low' 2.69
test_that "to 17.19" near '$.cells[0].high' 17.19
test_that "and the number of answers" json_is '$.cells[0].n' 500
run tally csat --json
test_that "no answers are null, never nought" json_is '$.cells[0].value' ''
run tally csat
test_that "and n/a where people read it" says n/a
run tally nps --by channel,month --json
test_that "a breakdown is one JSON document" valid
run tally nps --where "channel = "
test_that "a broken condition names its place" refused 2 "at "
run tally niceness
test_that "an unknown metric is the caller's fault" refused 2 niceness
run tally nps --by chanel
test_that "a misspelt column gets a hint" refused 2 channel

for question in "tally count" voices pains delights tickets "rule list"; do
    # shellcheck disable=SC2086 # two words
    run $question --json
    test_that "heed $question --json is one JSON document" valid
done

run rule try --when "score:nps <= 6 and channel = 'call'" --json
test_that "a rule is tried on the past" valid
run rule add call-detractors --when "score:nps <= 6 and channel = 'call'" --then "ticket department=service due=4h"
test_that "a rule is added" exits 0
run rule add call-detractors --when "score:nps <= 6" --then "ticket department=service"
test_that "its name is taken" refused 2 call-detractors
run rule add bad --when "score:nps <= 6" --then "ticket due=4h"
test_that "a ticket needs a department" refused 2 department
echo 'id,when,channel,nps,comment
901,2026-06-01 10:00,call,2,"等了一个小时没人接"
902,2026-06-01 10:00,chat,2,"等了一个小时没人接,生气"' >late.csv
run import late.csv --map score:nps=nps --source late --json
test_that "the rule acts on what is heard from now on" exits 0
run tickets --where "department = 'service' and channel = 'call' and score:nps = 2" --limit 1 --json
test_that "and opens a ticket" test "$(json '$.tickets[0].state')" = open
ticket=$(json '$.tickets[0].id')
run tickets close "$ticket"
test_that "a ticket does not close without an outcome" refused 2 outcome
run tickets close "$ticket" --outcome called-back
test_that "with one it does" exits 0

printf 'id,when,nps,comment\n1,2026-01-01,5,good\n2,2026-13-45,5,when was that\n3,2026-01-03,7,"fine"\n' >broken.csv
run import broken.csv --map occurred_at=when --map score:nps=nps --rejects bad.csv --json
test_that "rows that cannot be taken are counted" json_is '$.files[0].rejected' 1
test_that "the others go in" json_is '$.files[0].added' 2
test_that "and the rejected ones are kept with their reason" grep -q '2026-13-45.*3' bad.csv

run check
test_that "the store is whole" exits 0
run tally nps --json
cp out before
rm -rf heed.db.tally
run tally nps --json
test_that "the tally can be deleted at any time" cmp -s out before
run reindex
test_that "and be rebuilt" exits 0
run overview
test_that "the overview is shown" says SCORES
"$heed" demo --store demo.db --signals 600 >out 2>err
code=$?
test_that "a small demo is made and shown" says SCORES
"$heed" check --store demo.db >out 2>err
code=$?
test_that "and its store is whole" exits 0
"$heed" eval nowhere.csv >out 2>err
code=$?
test_that "an evaluation without its data is refused" test "$code" -ne 0
"$heed" serve --port many >out 2>err </dev/null
code=$?
test_that "a server on no port is the caller's fault" exits 2
[ "$failures" -eq 0 ]
