# frame.sh - what t/cli.sh, t/api.sh and their like share.  Sourced by NAME.sh HEED TAP.
# shellcheck shell=sh
#
# Leads into an empty folder of its own, with $heed, $HEED_STORE and a fixed language; counts tests.
heed=$1 tap=$2
case $heed in /*) ;; *) heed=$PWD/$heed ;; esac
dir=$(mktemp -d "${TMPDIR:-/tmp}/heed-$(basename "$0" .sh)-XXXXXX") || exit 1
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null; rm -rf "$dir"' EXIT
: >"$tap"
tap=$(cd "$(dirname "$tap")" && pwd)/$(basename "$tap")
top=$PWD
cd "$dir" || exit 1
export HEED_STORE=$dir/heed.db LC_ALL=C.UTF-8 HEED_LANG=en
n=0 bad=0

# ok NAME RESULT - one test; what the last command said is shown if it failed
ok() {
    n=$((n + 1))
    if [ "$2" -eq 0 ]; then
        echo "ok $n - $1" >>"$tap"
    else
        echo "not ok $n - $1" >>"$tap"; bad=$((bad + 1)); echo "--- $1"
        for said in out err log; do sed 's/^/    /' "$said" 2>/dev/null | tail -20; done
    fi
}
skip() { n=$((n + 1)); echo "ok $n - $1 # SKIP $2" >>"$tap"; }   # skip NAME REASON
# run CODE COMMAND... - the exit code as wanted; output in out and err
run() {
    want=$1; shift
    "$@" >out 2>err; code=$?
    [ "$code" -eq "$want" ] || { echo "exit $code, want $want: $*" >>err; return 1; }
}
says() { grep -qsF -- "$1" out err; }
# eventually COMMAND... - waits for what must come, up to two minutes: a slow machine is no failure
eventually() {
    tries=0
    until "$@"; do
        [ $tries -lt 1200 ] || return 1
        sleep 0.1; tries=$((tries + 1))
    done
}
out_is() { [ "$(cat out)" = "$1" ]; }
finish() { echo "$((n - bad)) passed, $bad failed"; [ "$bad" -eq 0 ]; exit; }

# ---- a server ----

# serve [OPTION...] - starts it at a free port, $port; its words are in log
serve() {
    : >log
    "$heed" serve --listen 127.0.0.1:0 --rate 0 "$@" 2>log & pid=$!
    eventually has_port
}
has_port() { port=$(sed -n 's/.*serving at port \([0-9]*\).*/\1/p' log); [ -n "$port" ]; }
stop() { kill "$pid" && wait "$pid"; code=$?; pid=; return $code; }
# call STATUS METHOD PATH [CURL OPTION...] - as $key; the answer in out, its fields in head
call() {
    want=$1 method=$2 path=$3; shift 3
    : >err
    have=$(curl -s -m 120 -o out -D head -w '%{http_code}' -X "$method" -H "Authorization: Bearer $key" "$@" \
        "http://127.0.0.1:$port$path")
    [ "$have" = "$want" ] || { echo "status $have, want $want: $method $path" >>err; return 1; }
}
json() { call "$@" -H "Content-Type: application/json"; }
field() { sed -n "s/^$1: *//Ip" head | tr -d '\r'; }
number() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" out | head -1; }
# listen URL [CURL OPTION...] - the event stream there, into `events`, from now on; unlisten ends it
listen() {
    : >events; : >listened
    curl -s -m 600 -N -D listened -H "Authorization: Bearer $key" "$@" >events & listener=$!
    eventually grep -qs ' 200' listened
}
unlisten() { kill "$listener" 2>/dev/null; wait "$listener" 2>/dev/null; listener=; }
# key_for SCOPES - a new key's token
key_for() { "$heed" key add tests --scopes "$1" 2>err | grep -o 'heed_key_[A-Za-z0-9_-]*' | head -1; }
