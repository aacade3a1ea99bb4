#!/bin/sh
# deploy.sh HEED TAP - what stands in deploy/: the units by systemd's own eyes, socket activation, and the proxies
# nginx and Caddy in front of a real server.  What is not installed is skipped.
set -u
# shellcheck source=t/frame.sh
. t/frame.sh
proxy=
trap '[ -z "$proxy" ] || kill "$proxy" 2>/dev/null; [ -z "$pid" ] || kill "$pid" 2>/dev/null; rm -rf "$dir"' EXIT
chmod 755 "$dir"

# ---- installing ----
(cd "$top" && DESTDIR=$dir/root script/install "$heed" /usr) >out 2>err &&
    [ -x root/usr/bin/heed ] && grep -q '^\.TH HEED' root/usr/share/man/man1/heed.1; ok "it installs, with its manual page" $?
run 0 root/usr/bin/heed --version; ok "and runs from there" $?
if command -v groff >/dev/null; then
    groff -Kutf8 -man -ww -Tutf8 root/usr/share/man/man1/heed.1 >out 2>err && [ ! -s err ]; ok "the manual page is set without a complaint" $?
fi

# ---- systemd ----
if command -v systemd-analyze >/dev/null; then
    sed "s|/usr/bin/heed|$heed|" "$top/deploy/heed.service" >heed.service
    cp "$top/deploy/heed.socket" .
    run 0 systemd-analyze verify ./heed.service ./heed.socket && ! grep -q 'heed\.\(service\|socket\):' err; ok "the units are what systemd understands" $?
    if systemd-analyze security --help 2>&1 | grep -q -- --offline; then
        run 0 systemd-analyze security --offline=true --threshold=30 ./heed.service; ok "the service has few rights ($(sed -n "s/.*exposure level[^:]*: *\([0-9.]* [A-Z]*\).*/\1/p" out))" $?
    fi
else
    skip "the units" "systemd-analyze is not installed"
fi
if command -v systemd-socket-activate >/dev/null && command -v curl >/dev/null; then
    at=$dir/activated.sock
    systemd-socket-activate -l "$at" "$heed" serve 2>log & pid=$!
    eventually [ -S "$at" ]
    is_up() { run 0 curl -sf -m 120 --unix-socket "$at" http://heed/readyz; }
    eventually is_up && says ready; ok "a socket handed over by systemd is served" $?
    stop; ok "and ends when asked" $?
else
    skip "socket activation" "systemd-socket-activate is not installed"
fi

# ---- behind a proxy: $1 name, at https://localhost:$https ----
behind() {
    key=$(key_for "signals.write metrics.read signals.read")
    on="https://localhost:$https"
    eventually curl -skf -m 5 -o /dev/null "$on/readyz"
    run 0 curl -skf -m 120 "$on/readyz" && says ready; ok "$1: the server is reached over https" $?
    run 0 curl -sk -m 120 -o /dev/null -D - "$on/livez" && says "trict-"; ok "$1: and knows that it is https" $?
    token=$(sed -n 's/.*setup#\([A-Za-z0-9_-]*\).*/\1/p' log | tail -1)
    if [ -n "$token" ]; then
        run 0 curl -sk -m 120 -o /dev/null -D - -d "{\"token\":\"$token\",\"name\":\"ann\",\"password\":\"nine white horses\"}" "$on/api/v1/setup" \
            && says "__Host-heed=" && says Secure; ok "$1: people sign in, with a secure cookie" $?
    fi
    run 0 curl -sk -m 120 -o out2 -D - -H "X-Forwarded-For: 1.2.3.4" -H "Authorization: Bearer $key" "$on/api/v1/tally?metric=count" && says " 200"
    ok "$1: keys are passed on" $?
    awk 'BEGIN { for (i = 0; i < 60000; i++) printf "{\"words\":\"answer %d, long enough to make a body of some size\",\"source\":\"'"$1"'\",\"external_id\":\"%d\"}\n", i % 40000, i % 40000 }' | head -40000 >many
    run 0 curl -sk -m 120 -H "Authorization: Bearer $key" -H "Content-Type: application/x-ndjson" --data-binary @many "$on/api/v1/signals" -o answer
    grep -q '"added":40000' answer; ok "$1: a body of $(($(wc -c <many) / 1024)) KB goes through" $?
    listen -k "$on/api/v1/events"
    curl -sk -m 120 -o /dev/null -H "Authorization: Bearer $key" -d '{"words":"live"}' "$on/api/v1/signals"
    eventually grep -q '^event: signals' events; ok "$1: live events come at once" $?
    unlisten
}
start_heed() {
    rm -rf heed.db*; : >log
    "$heed" serve --listen "unix:$dir/http.sock" --trust unix 2>log & pid=$!
    eventually [ -S http.sock ]
    chmod 666 http.sock
}
end_both() { kill "$proxy"; wait "$proxy" 2>/dev/null; proxy=; stop; }
free_port() { awk -v seed="$$$1" 'BEGIN { srand(seed); print 20000 + int(rand() * 20000) }'; }
https=$(free_port 1) http=$(free_port 2)

PATH=$PATH:/usr/sbin
if ! command -v curl >/dev/null || ! command -v openssl >/dev/null; then
    skip "the proxies" "curl or openssl is not installed"
    finish
fi
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost 2>/dev/null
chmod 644 key.pem

if command -v nginx >/dev/null; then
    start_heed
    {
        echo "daemon off; pid $dir/nginx.pid; error_log $dir/nginx.log; events {} http { access_log off;"
        for t in client_body proxy fastcgi uwsgi scgi; do echo "${t}_temp_path $dir/$t;"; done
        sed "s|/run/heed/http.sock|$dir/http.sock|; s|heed.example;|localhost;|; s|/etc/letsencrypt/live/heed.example/fullchain.pem|$dir/cert.pem|
             s|/etc/letsencrypt/live/heed.example/privkey.pem|$dir/key.pem|; s|443 ssl|$https ssl|; s|:80;|:$http;|; s|listen 80|listen $http|" "$top/deploy/nginx.conf"
        echo "}"
    } >nginx.conf
    [ -e /proc/net/if_inet6 ] || sed -i '/\[::\]/d' nginx.conf
    run 0 nginx -t -c "$dir/nginx.conf"; ok "nginx understands deploy/nginx.conf" $?
    nginx -c "$dir/nginx.conf" 2>err & proxy=$!
    behind nginx
    run 0 curl -s -m 5 -o /dev/null -D - "http://localhost:$http/tickets" && says "ocation: https://localhost/tickets"; ok "nginx: http leads to https" $?
    end_both
else
    skip "behind nginx" "nginx is not installed"
fi

if command -v caddy >/dev/null; then
    start_heed
    { echo "{"; echo "	admin off"; echo "	auto_https disable_redirects"; echo "	https_port $https"; echo "	http_port $http"; echo "	skip_install_trust"; echo "}"
      sed "s|unix//run/heed/http.sock|unix/$dir/http.sock|; s|^heed.example {|localhost:$https {\n\ttls internal|" "$top/deploy/Caddyfile"; } >Caddyfile
    export XDG_DATA_HOME=$dir XDG_CONFIG_HOME=$dir HOME=$dir
    run 0 caddy adapt --config Caddyfile; ok "Caddy understands deploy/Caddyfile" $?
    caddy run --config Caddyfile >caddy.log 2>&1 & proxy=$!
    behind caddy
    end_both
else
    skip "behind Caddy" "caddy is not installed"
fi
finish
