#!/bin/sh
# SPDX-License-Identifier: MIT
# Files made of a trace: smaller ones, such without names, and Chrome's. Speaks TAP.
. "${srcdir:-$(dirname "$0")/..}/tests/tap.sh"

run() { # COMMAND...
	"$gander" "$@" </dev/null >out 2>err
	status=$?
}

# The command ends with that status and that line, and with nothing in out.
refuses() { # STATUS LINE COMMAND...
	want="$1 gander: $2"
	shift 2
	run "$@"
	[ "$status $(cat err)" = "$want" ] && [ ! -s out ]
	ok $? "$*: ${want%% *}"
}

value() { # NAME TRACE
	"$gander" summary --format=csv "$2" 2>err | sed -n "s/^$1,//p"
}

cp "$demo" a.trace
printf 'go 1.11 trace\000\000\000' >old.trace

# ---- what all of them refuse

for command in anonymize chrome cut; do
	: >b
	refuses 6 "b: is there already; --output makes new files only" $command --output=b a.trace
	[ ! -s b ]
	ok $? "$command: a file that is there stays as it is"
	rm b
	said="header only, no events"
	[ $command = cut ] && said="cut is about traces of Go 1.22 and later"
	refuses 4 "old.trace: $said" $command --output=b old.trace
	[ ! -e b ]
	ok $? "$command: no file of what it cannot do"
	run $command --help
	[ "$status" = 0 ] && grep -q "^usage: gander $command " out && grep -q -- "--output" out
	ok $? "$command --help"
	refuses 2 "$command needs a trace; try: gander $command FILE, or -" $command
done
refuses 2 '"crome" is neither a command nor a file; did you mean chrome?' crome a.trace
refuses 2 '"cot" is neither a command nor a file; did you mean cut?' cot a.trace
refuses 2 "--from is for answers; try: gander summary --from=T TRACE" anonymize --from=1s a.trace
refuses 2 "--filter is for answers; try: gander summary --filter=EXPR TRACE" cut --filter=x a.trace
if [ -w /dev/full ]; then
	"$gander" cut a.trace >/dev/full 2>err
	[ "$? $(cat err)" = "6 gander: standard output: No space left on device" ]
	ok $? "a full disk"
fi

# ---- cut

run cut a.trace
cmp -s out a.trace
ok $? "cut: all of it is the trace itself"
cat a.trace | "$gander" cut --output=b - 2>err && cmp -s b a.trace
ok $? "cut: of a pipe into a file"
rm -f b

generations=$(value generations a.trace)
end=$(value duration_ns a.trace)
run cut --from=-1 a.trace
cp out last
[ "$(value generations last)" = 1 ]
ok $? "cut: the end is in the last generation"
run cut --to=1 a.trace
cp out first
[ "$(value generations first)" = 1 ] && head -c "$(wc -c <first)" a.trace | cmp -s - first
ok $? "cut: the first one is the begin of the file"
tail -c +17 last >tail
tail -c "$(wc -c <tail)" a.trace | cmp -s - tail
ok $? "cut: the last one is its end"
[ "$(value events first)" -lt "$(value events a.trace)" ] && [ "$generations" -gt 1 ]
ok $? "cut: that is less than all"
"$gander" events --strict last >events 2>err && [ -s events ]
ok $? "cut: in Go's order from its begin to its end"
"$gander" stw --format=csv a.trace | cut -d, -f2-4,6 | sort >all
"$gander" stw --format=csv last | sed 1d | cut -d, -f2-4,6 | sort >some
[ -z "$(comm -13 all some)" ]
ok $? "cut: its stops are those of the whole"

refuses 2 "nothing lies between --from and --to" cut --from=1h --output=b a.trace
refuses 2 "nothing lies between --from and --to" cut --from=$((end + 1)) --output=b a.trace
refuses 2 "--from is behind --to" cut --from=1s --to=500ms --output=b a.trace
[ ! -e b ]
ok $? "cut: no file of nothing"

# ---- cut of what is damaged

{ head -c 120000 a.trace; head -c 70000 /dev/zero; tail -c +190001 a.trace; } >zeroed
run cut --output=b zeroed
[ "$status $(wc -l <err)" = "1 1" ] && grep -q "^gander: zeroed: .* not decoded" err
ok $? "cut: damage is told, and status 1"
run damage --format=csv b
[ "$status" = 0 ] || ! grep -q ",stretch," out
ok $? "cut: no bytes are left in it that are no batch"
head -c 300000 a.trace >short
run cut --output=c short
[ "$status" = 1 ] && grep -q "a batch that is not whole is left out" err
ok $? "cut: of a file that ends early"
run summary c
[ -s out ]
ok $? "cut: what is left can be read"
rm -f b c

# ---- anonymize

run anonymize a.trace
cp out b
cat a.trace | "$gander" anonymize - 2>err | cmp -s - b
ok $? "anonymize: a file and a pipe"
! grep -q -e warehouse -e "main\.(" -e customer b && grep -q "net/http.(\*conn).serve" b
ok $? "anonymize: no names of the program are in it"
for command in stw gc procs threads; do
	"$gander" $command --format=csv a.trace >want
	"$gander" $command --format=csv b 2>err | cmp -s - want
	ok $? "anonymize: $command is the same"
done
for command in goroutines regions tasks sync logs; do
	"$gander" $command --format=csv a.trace | sed 1d | tr -d 'a-zA-Z' | wc -l >want
	"$gander" $command --format=csv b 2>err | sed 1d | wc -l | cmp -s - want
	ok $? "anonymize: $command has as many rows"
done
"$gander" goroutine --format=csv a.trace | cut -d, -f1,3- | sort >want
"$gander" goroutine --format=csv b 2>err | cut -d, -f1,3- | sort | cmp -s - want
ok $? "anonymize: each goroutine did the same"
run anonymize b
[ "$("$gander" goroutines --format=csv b | cut -d, -f2-)" = "$("$gander" goroutines --format=csv out | cut -d, -f2-)" ]
ok $? "anonymize: twice is as good as once"
run anonymize --output=c short
[ "$status" = 1 ] && [ -s c ]
ok $? "anonymize: of a file that ends early, status 1"
rm -f b c

# ---- chrome

run chrome --output=b a.trace
[ "$status $(wc -c <err)" = "0 0" ] && [ "$(head -n 1 b)" = '{"displayTimeUnit":"ns","traceEvents":[' ] &&
	[ "$(tail -n 1 b)" = "}}" ]
ok $? "chrome: begin and end"
cat a.trace | "$gander" chrome - 2>err | cmp -s - b
ok $? "chrome: a file and a pipe"
"$gander" chrome --from=-600ms --to=-590ms a.trace >part 2>err
"$gander" chrome --from=$((end - 600000000)) --to=$((end - 590000000)) a.trace 2>err | cmp -s - part
ok $? "chrome: times from the end"
[ "$(wc -c <part)" -lt 1000000 ]
ok $? "chrome: a part is smaller"
"$gander" chrome --view=thread a.trace 2>err >threads
grep -q '"name":"OS THREADS"' threads && grep -q '"name":"Thread ' threads
ok $? "chrome: by thread"
refuses 2 '--view is proc or thread, not "g"' chrome --view=g a.trace
refuses 2 "--from is behind --to" chrome --from=1s --to=500ms --output=c a.trace
[ ! -e c ]
ok $? "chrome: no file then"
run chrome --output=c short
[ "$status" = 1 ] && [ "$(tail -n 1 c)" = "}}" ]
ok $? "chrome: of a file that ends early, whole all the same, and status 1"
rm -f b c
: >nothing
head -c 16 a.trace >nothing
refuses 4 "nothing: header only, no events" chrome --output=c nothing
[ ! -e c ]
ok $? "chrome: no file of nothing"

echo "1..$count"
exit $failed
