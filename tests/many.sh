#!/bin/sh
# SPDX-License-Identifier: MIT
# Answers about several traces, a directory of them, a stretch of one, and what matches. Speaks TAP.
. "${srcdir:-$(dirname "$0")/..}/tests/tap.sh"

run() { # COMMAND...
	"$gander" "$@" </dev/null >out 2>err
	status=$?
}

mkdir d d/deeper empty
cp "$demo" d/b
cp "$demo" d/deeper/never
head -c 300000 "$demo" >d/a
echo "hello" >d/c
mkfifo d/fifo
ln -s b d/link

# ---- several

"$gander" stw --format=csv d/b >one
run stw --format=csv d/b d/b
[ "$status $(wc -c <err)" = "0 0" ] && [ "$(head -n 1 out)" = "file,$(head -n 1 one)" ] &&
	[ "$(wc -l <out)" = $((2 * $(wc -l <one) - 1)) ]
ok $? "two traces: a column file, the rows of both"
grep -c "^d/b," out >count
sed -n '2,$s/^d\/b,//p' out | head -n $(($(wc -l <one) - 1)) >rows
sed 1d one | cmp -s - rows
ok $? "the rows of each as if it were alone"

run summary d
[ $status = 1 ] && [ "$(cut -d' ' -f1 out | uniq | tr '\n' ' ')" = "d/a d/b d/link " ]
ok $? "a directory: its traces in the order of names, not deeper, and the highest status"
grep -q "^gander: d/a: .*not decoded" err
ok $? "the damaged one is named"

run stw d/b missing
[ "$status" = 3 ] && grep -q "^d/b " out && grep -q "^gander: missing: " err
ok $? "one that cannot be read: the others are shown, status 3"
run stw d/c d/b
[ "$status" = 4 ] && [ -s out ]
ok $? "one that is no trace: status 4"
run stw empty
[ "$status $(cat err)" = "4 gander: empty: no file in this directory begins as a trace does" ]
ok $? "a directory without traces"
run goroutine main.nobody d/b
[ "$status $(cat err)" = '2 gander: no goroutine "main.nobody" in the trace' ]
ok $? "nothing of that name"
run goroutine --format=csv --limit=2 d/b d/b
[ "$status $(wc -l <out)" = "0 3" ]
ok $? "--limit is about all rows together"
run events d/b d/b
[ "$status" = 2 ]
ok $? "a text is about one trace"

# ---- a stretch

run goroutines --format=csv --from=1s --to=500ms d/b
[ "$status $(cat err)" = "2 gander: --from is behind --to" ]
ok $? "from is behind to"
run stw --format=csv --from=1h d/b
[ "$status $(wc -l <out)" = "0 1" ]
ok $? "nothing is there: the header alone"
run stw --from=1h d/b
grep -q "(none)" out
ok $? "or a word"
run goroutines --format=csv --from=-100ms d/b
[ $status = 0 ] && [ "$(wc -l <out)" -gt 2 ]
ok $? "from the end"
"$gander" task --format=csv --from=100ms --to=200ms d/b >now
"$gander" task --format=csv --from=100ms --to=200ms --jobs=0 d/b >stepped
cmp -s now stepped
ok $? "the same whoever makes it"

# ---- what matches

run stw --filter='dur>' d/b
[ "$status" = 2 ] && grep -q "^gander: --filter: .*at character" err
ok $? "an expression that makes no sense"
run summary --filter='dur>1ms' d/b
[ "$status $(cat err)" = "2 gander: summary takes no --filter" ]
ok $? "where it means nothing"
"$gander" region --format=csv d/b | cut -d, -f1 | sed 1d | sort | uniq -c | sort -n | tail -n 1 >most
name=$(sed 's/^ *[0-9]* //' most)
run region --format=csv --filter="region=\"$name\"" d/b
[ "$(sed 1d out | wc -l)" = "$(sed 's/^ *\([0-9]*\) .*/\1/' most)" ]
ok $? "regions of a name, $name"

echo "1..$count"
exit $failed
