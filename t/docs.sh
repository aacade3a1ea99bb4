#!/bin/sh
# docs.sh HEED TAP - the examples of the guides are run, and say what is shown; the manual page names each option.
set -u
# shellcheck source=t/frame.sh
. t/frame.sh
if command -v node >/dev/null && command -v curl >/dev/null; then
    node "$top/t/docs.mjs" "$heed" >out 2>err || sed 's/^/    /' out err
    grep -E '^(not )?ok' out >>"$tap"
    n=$(grep -c '^ok' out) bad=$(grep -c '^not ok' out) n=$((n + bad))
    [ "$n" -gt 0 ]; ok "the examples of the guides were run" $?
else
    skip "the examples of the guides" "node or curl is not installed"
fi

# Links between our own pages lead somewhere.
(cd "$top" && for file in *.md docs/*.md docs/guide/*.md src/*/README.md ui/README.md; do
    grep -oE '\]\([^)#h][^)#]*\)' "$file" | tr -d '])(' | while read -r to; do
        [ -e "$(dirname "$file")/$to" ] || echo "$file: $to"
    done
done) >lost
[ ! -s lost ]; ok "links between pages lead somewhere ($(tr '\n' ' ' <lost))" $?

# An option that a command's help names is one it takes.
"$heed" help | sed -n 's/^  \([a-z]*\)  .*/\1/p' | while read -r command; do
    "$heed" help "$command" | grep -oE -- '--[a-z]+(-[a-z]+)*' | sort -u | while read -r option; do
        "$heed" help "$command" | sed -n 's/^ *\(usage:\)\{0,1\} *heed '"$command"' \([a-z]*\).*/\2/p' | sort -u >verbs
        grep -q . verbs || echo >verbs
        found=1
        while read -r verb; do
            # shellcheck disable=SC2086 # no verb is no word
            "$heed" "$command" $verb "$option=" --no-such-option >out 2>err </dev/null
            grep -q -- "no option $option " err || found=0
        done <verbs
        [ $found -eq 0 ] || echo "heed $command: $option"
    done
done >untrue
[ ! -s untrue ]; ok "each option a command's help names is one it takes ($(tr '\n' ' ' <untrue))" $?
finish
