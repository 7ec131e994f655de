#!/bin/sh
# SPDX-License-Identifier: MIT
# One screen for a chat, and whether each of its commands leads where it says. Speaks TAP.
. "${srcdir:-$(dirname "$0")/..}/tests/tap.sh"

"$gander" triage "$demo" </dev/null >out 2>err
status=$?
[ "$status $(wc -c <err)" = "0 0" ] && [ "$(wc -l <out)" -le 40 ] && grep -q "^demo.trace: go1.26, " out &&
	grep -q "^GC: 3 cycles" out && grep -q "^waits for a P: p50 " out
ok $? "what the trace is, GC, waits for a P"
[ "$(grep -c "^ *[0-9]*\. .*%" out)" = 10 ] && [ "$(grep -c "^    gander --at " out)" = 10 ]
ok $? "ten findings, a command for each"

wrong=0
sed -n "s/^    gander --at '\([^']*\)' .*/\1/p" out >locators
while read -r locator; do
	"$gander" screen --size=100x30 --at "$locator" "$demo" </dev/null >screen 2>&1 || wrong=1
	tail -n 1 screen | grep -q -E "no place|there is no|nothing begins" && wrong=1
done <locators
[ "$(wc -l <locators)" = 10 ] && [ $wrong = 0 ]
ok $? "each opens a place"

"$gander" triage --format=json "$demo" </dev/null >json
[ "$(wc -l <json)" = 10 ] && [ "$(grep -c '"locator":"t=' json)" = 10 ]
ok $? "as JSON: ten objects, with locators"
"$gander" findings --format=csv --limit=10 "$demo" </dev/null | cut -d, -f1-5 >findings
"$gander" triage --format=csv "$demo" </dev/null | cut -d, -f1-5 | cmp -s - findings
ok $? "the same as findings"

cp "$demo" "it's here.trace"
"$gander" triage "it's here.trace" </dev/null | sed -n 's/^    gander //p' | head -n 1 >command
eval "set -- $(cat command)"
[ "$#" = 3 ] && [ "$1" = --at ] && [ "$3" = "it's here.trace" ]
ok $? "a shell takes the command as it is"

"$gander" triage --threshold=stop=x "$demo" </dev/null >out 2>err
[ $? = 2 ] && [ "$(wc -l <err)" = 1 ] && [ ! -s out ]
ok $? "a threshold that is none: one line, status 2"
"$gander" triage --output=there "$demo" </dev/null >out && [ ! -s out ] && grep -q "^GC: " there
ok $? "into a file"
"$gander" triage --output=there "$demo" </dev/null >out 2>err
[ $? != 0 ]
ok $? "which must be a new one"

echo "1..$count"
exit $failed
