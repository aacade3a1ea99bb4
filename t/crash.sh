#!/bin/sh
# crash.sh - kills imports at random moments (kill -9) and asks what is left.
#
# crash.sh HEED [ROUNDS] [TAP-FILE]
# After each kill: every acknowledged row is there once, what is there is a whole run of rows from the
# first on, each with its insight, and `heed check` is clean.  The next round resumes the same import,
# until it is finished with every row there once; then a new store begins.  At the end the disk is
# filled up under an import, where the machine lets us mount a small one.
# CRASH_SEED repeats the moments of an earlier run (as far as the machine is as busy as then).
set -u
heed=$1 rounds=${2:-50} tap=${3:-/dev/stdout}
seed=${CRASH_SEED:-$(od -An -N2 -tu2 /dev/urandom | tr -d ' ')}
rows=${CRASH_ROWS:-60000}
dir=$(mktemp -d "${TMPDIR:-/tmp}/heed-crash-XXXXXX")
disk=
pid=
trap 'if [ -n "$pid" ]; then kill -9 "$pid" 2>/dev/null; fi; if [ -n "$disk" ]; then umount "$disk"; fi; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
csv="$dir/answers.csv"
failures=0

ok() {
    echo "ok - $*" >>"$tap"
}

not_ok() {
    echo "not ok - $*" | tee -a "$tap"
    failures=$((failures + 1))
}

# A survey of $1 answers in both languages; row i has the external id i, so that rows can be counted.
answers() {
    awk -v rows="$1" 'BEGIN {
        n = split("配送太慢了,等了三天|The driver was friendly and early|客服态度很好|App keeps crashing at login|" \
                  "价格有点贵,不过质量不错|Refund took two weeks|门店很干净|Nothing to complain about", said, "|")
        split("call,chat,survey,review", channel, ",")
        print "id,when,channel,city,score:nps,comment"
        for (i = 1; i <= rows; i++)
            printf "%d,2025-%02d-%02dT%02d:%02d:00Z,%s,city%d,%d,\"%s %d\"\n", i, i % 12 + 1, i % 28 + 1,
                   i % 24, i % 60, channel[i % 4 + 1], i % 37, (i * 7) % 11, said[i % n + 1], i
    }'
}

# Sets pause to a number below $1: the next one of the seed.
chance() {
    seed=$(((seed * 1103515245 + 12345) % 2147483648))
    pause=$((seed / 65536 % $1))
}

# Begins an import; pid is the program itself, not a shell around it, so that it is what kill hits.
start() { # STORE
    "$heed" import "$csv" --map external_id=id --map occurred_at=when --map words=comment \
        --source survey --store "$1" --progress --json >"$dir/out" 2>"$dir/err" &
    pid=$!
}

import() { # STORE
    start "$1"
    wait "$pid"
    set -- $?
    pid=
    return "$1"
}

ask() { # STORE SQL - an independent look at the file
    sqlite3 -batch -noheader "$1" "$2"
}

# The laws that hold whenever an import has ended, in whatever way.  Sets there.
look() { # STORE ACKNOWLEDGED
    store=$1 acked=$2 why=
    if ! "$heed" check --store "$store" >"$dir/check" 2>&1; then why="heed check: $(tail -1 "$dir/check")"; fi
    there=$(ask "$store" 'select count(*) from signal')
    distinct=$(ask "$store" 'select count(distinct external_id) from signal')
    last=$(ask "$store" 'select coalesce(max(cast(external_id as integer)), 0) from signal')
    insights=$(ask "$store" 'select count(*) from insight')
    taken=$(ask "$store" 'select coalesce(max(records), 0) from intake')
    if [ "$there" -lt "$acked" ]; then why="$acked acknowledged, $there there"; fi
    if [ "$distinct" != "$there" ]; then why="$there rows, but $distinct different ones"; fi
    if [ "$last" != "$there" ]; then why="$there rows, but the last one is number $last"; fi
    if [ "$insights" != "$there" ]; then why="$there rows, but $insights insights"; fi
    if [ "$taken" != "$there" ]; then why="$there rows, but $taken recorded as taken"; fi
    [ -z "$why" ]
}

# What the import had to say besides its progress.
said() {
    grep -v '^acked' "$dir/err" | tail -1
}

acknowledged() {
    sed -n 's/^acked \([0-9][0-9]*\)$/\1/p' "$dir/err" | tail -1
}

# How long a whole import takes here, in ms: kills are spread over it.
measure() {
    began=$(date +%s%3N)
    import "$dir/whole.db"
    code=$?
    whole_ms=$(($(date +%s%3N) - began + 1))
    if [ $code -ne 0 ]; then not_ok "an import left alone: exit $code: $(said)"; fi
    rm -rf "$dir"/whole.db*
}

crash_rounds() {
    round=0 store_no=0 before=0 kills=0
    while [ "$kills" -lt "$rounds" ]; do
        round=$((round + 1))
        store="$dir/store$store_no.db"
        start "$store"
        chance "$whole_ms"
        sleep "$(printf '%d.%03d' $((pause / 1000)) $((pause % 1000)))"
        kill -9 $pid 2>/dev/null
        wait $pid 2>/dev/null
        code=$?
        pid=
        [ -e "$store" ] || continue
        acked=$(acknowledged)
        if [ "$code" -eq 137 ]; then kills=$((kills + 1)); fi
        [ "${acked:-0}" -ge "$before" ] || acked=$before
        how="killed after $pause ms"
        if [ "$code" -ne 137 ]; then how="ended within $pause ms"; fi
        if look "$store" "${acked:-0}"; then
            ok "$how: ${acked:-0} rows acknowledged, $there there"
        else
            not_ok "round $round, seed $seed, $how: $why"
        fi
        before=$there
        if [ "$code" -ne 137 ]; then
            if [ "$code" -ne 0 ] || [ "$there" -ne "$rows" ]; then
                not_ok "an import ended with $code and $there of $rows rows: $(said)"
            fi
            rm -rf "$dir"/store*
            store_no=$((store_no + 1)) before=0
        fi
    done
    finish "$store"
}

# The last import, left alone, brings the store to the full count.  A second one changes nothing.
finish() {
    why=
    import "$1"
    code=$?
    if [ $code -eq 0 ] && look "$1" "$rows" && [ "$there" -eq "$rows" ]; then
        ok "resumed to all $rows rows, each there once"
    else
        not_ok "resumed: exit $code, ${there:-0} of $rows rows: $why $(said)"
    fi
    why=
    import "$1"
    code=$?
    if [ $code -eq 0 ] && look "$1" "$rows" && [ "$there" -eq "$rows" ]; then
        ok "the same file once more adds nothing"
    else
        not_ok "the same file once more: exit $code, ${there:-0} of $rows rows: $why $(said)"
    fi
}

full_disk() {
    mkdir "$dir/disk"
    if ! mount -t tmpfs -o size=12m tmpfs "$dir/disk" 2>/dev/null; then
        echo "# skipped: no right to mount a small disk, so the full disk is not tried"
        return
    fi
    disk="$dir/disk"
    import "$disk/store.db"
    code=$?
    acked=$(acknowledged)
    if [ $code -ne 1 ] || [ "$(grep -vc '^acked' "$dir/err")" -lt 1 ]; then
        not_ok "a full disk: exit $code, want 1 and a sentence: $(said)"
    else
        ok "a full disk ends the import with a sentence: $(said)"
    fi
    mount -o remount,size=1g "$disk"
    if look "$disk/store.db" "${acked:-0}"; then
        ok "after the full disk $there rows are there, ${acked:-0} acknowledged, and the store is whole"
    else
        not_ok "after the full disk: $why"
    fi
    finish "$disk/store.db"
}

: >>"$tap"
echo "# seed $seed, $rows rows, $rounds kills"
answers "$rows" >"$csv"
measure
echo "# a whole import takes $whole_ms ms"
crash_rounds
full_disk
[ "$failures" -eq 0 ]
