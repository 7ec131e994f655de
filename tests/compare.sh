#!/bin/sh
# SPDX-License-Identifier: MIT
# Two traces compared, and two stretches of one. Speaks TAP.
. "${srcdir:-$(dirname "$0")/..}/tests/tap.sh"

run() { # COMMAND...
	"$gander" "$@" </dev/null >out 2>err
	status=$?
}

cp "$demo" a
head -c 300000 a >cut

run compare --format=csv a a
[ "$status $(head -n 1 out) $(wc -c <err)" = "0 what,name,before,after,change,noise 0" ] && [ "$(wc -l <out)" -gt 100 ]
ok $? "a trace against itself"
[ "$(sed 1d out | sed 's/,[^,]*$//' | grep -vc ',$')" = 0 ]
ok $? "has no change"

run compare --format=csv 0s..500ms 500ms.. a
cp out stretches
[ "$status" = 0 ] && [ "$(sed 1d out | sed 's/,[^,]*$//' | grep -vc ',$')" -gt 10 ]
ok $? "stretches of one that differ"
run compare --format=csv -- ..500ms 500ms.. a
cmp -s stretches out
ok $? "without an end: the trace's"
"$gander" compare --format=csv --jobs=0 0s..500ms 500ms.. - <a >out 2>err
cmp -s stretches out
ok $? "the same from standard input, without threads"
run compare --format=csv -- -500ms..-250ms -250ms.. a
[ "$status" = 0 ] && [ "$(wc -l <out)" -gt 100 ]
ok $? "from the end"

run compare --format=json --limit=1 cut a
[ "$status" = 1 ] && grep -q '^{"what":".*,"noise":.*}$' out && grep -q "^gander: cut: .*not decoded" err
ok $? "one that is damaged: status 1"
run compare a missing
[ "$status $(cat err)" = "3 gander: missing: No such file or directory" ] && [ ! -s out ]
ok $? "one that is not there: status 3, and nothing else"
echo "hello, that is no trace" >text
run compare text a
[ "$status" = 4 ] && [ ! -s out ]
ok $? "one that is none: status 4"
run compare 5s..6s 0s..1s a
[ "$status $(cat err)" = "2 gander: there is nothing of the trace in the first stretch" ]
ok $? "a stretch beside the trace: status 2"
run compare --from=1s --to=500ms a a
[ "$status $(cat err)" = "2 gander: --from is behind --to" ]
ok $? "from is behind to"
run compare --format=csv --from=600ms a a
[ "$status" = 0 ] && [ "$(sed 1d out | sed 's/,[^,]*$//' | grep -vc ',$')" = 0 ]
ok $? "the same stretch of both"
run compare a
[ "$status $(wc -l <err)" = "2 1" ]
ok $? "one alone"
run compare a a
cut -c 1-79 out | grep -q "…"
ok $? "long stacks are cut, for people"

run screen --size=80x12 --compare=cut a
grep -q "^compare cut, which is damaged " out && grep -q "^[a-z_0-9]*_ns  " out
ok $? "as a table in the terminal"
"$gander" compare --format=csv a cut 2>err | sed -n '2s/,.*//p' >first
[ "$(sed -n '3s/ .*//p' out)" = "$(cat first)" ]
ok $? "the same table"
run screen --size=80x24 --compare=a --keys='/exec_max<CR><CR>' a
grep -q "^the other: --at t=[0-9.]*ms+[0-9]*us,g=" out
ok $? "a row leads to its place, and tells the other one"
run screen --size=80x12 --compare=missing a
grep -q "^compare missing .*not here" out
ok $? "one that is not there"
mkfifo fifo
run screen --size=80x12 --compare=fifo a
grep -q "^compare fifo .*no file" out
ok $? "one that would have to be waited for"
echo "1..$count"
exit $failed
