#!/bin/sh
# SPDX-License-Identifier: MIT
# What the program says of damaged traces: the answer for the rest, one line, and an exit status. Speaks TAP.
. "${srcdir:-$(dirname "$0")/..}/tests/tap.sh"

# The command answers with something, its status and its line.
says() { # STATUS LINE COMMAND... TRACE
	status=$1
	line=$2
	shift 2
	"$gander" "$@" </dev/null >out 2>err
	[ "$? $(cat err)" = "$status gander: $line" ]
	good=$?
	[ -s out ] || good=1
	ok $good "$*: status $status"
}

size=$(wc -c <"$demo")
cp "$demo" whole
for command in summary damage events wire footprint; do
	"$gander" $command whole >out 2>err
	[ "$? $(wc -c <err)" = "0 0" ]
	ok $? "$command: nothing to say of what is whole"
done

# ---- cut inside an event

head -c 300000 "$demo" >cut
for command in summary goroutines damage events; do
	says 1 "cut: 3 of 300000 bytes not decoded (< 0.1 %); first at byte 299997: the file ends inside an event" $command cut
done
for command in wire footprint; do
	says 1 "cut: 3 of 300000 bytes not decoded (< 0.1 %); first at byte 299997: the file ends inside a record" $command cut
done
"$gander" damage --format=csv cut >out 2>err
[ "$(cut -d, -f1,2,3,4 out)" = "offset,length,generation,grade
299997,3,4,end
300000,0,4,end
300000,0,4,note" ]
ok $? "the file's end is listed"
"$gander" events --strict cut >out 2>err
[ $? = 4 ]
ok $? "a strict order refuses it"

# ---- bytes that are no batch in the middle

{ head -c 120000 "$demo"; head -c 500 /dev/zero; tail -c +120501 "$demo"; } >zeroed
"$gander" summary --format=csv zeroed >out 2>err
[ $? = 1 ] && [ "$(wc -l <err)" = 1 ] && [ "$(sed -n 's/^events,//p' out)" -gt 45000 ]
ok $? "zeroes in the middle cost little"

# ---- another trace behind it

cat "$demo" "$demo" >twice
says 1 "twice: $size of $((2 * size)) bytes not decoded (50.0 %); first at byte $size: another trace begins here; only the first is shown" summary twice
"$gander" goroutines --format=csv twice >got 2>err
"$gander" goroutines --format=csv whole >want
cmp -s got want
ok $? "the first is shown as if it were alone"

# ---- nothing but a header

for version in 1.11 1.22 1.26; do
	printf 'go %s trace\000\000\000' $version >none
	for command in summary events; do
		"$gander" $command none >out 2>err
		[ "$? $(cat err)" = "4 gander: none: header only, no events" ]
		ok $? "$command of a header of Go $version"
	done
done

# ---- a version that we do not know

{ printf 'go 1.27 trace\000\000\000'; tail -c +17 "$demo"; } >newer
"$gander" summary newer >out 2>err
[ "$? $(cat err)" = "4 gander: newer: go 1.27 trace; this build reads 1.5 to 1.26 (--try-newer reads it as 1.26)" ]
ok $? "a newer version is refused, and it is said how to read it"
says 0 "newer: go 1.27 trace, read as 1.26: what is new in it is not shown, or taken wrong" goroutines --format=csv --try-newer newer
cmp -s out want
ok $? "it is read as 1.26"
"$gander" screen --try-newer newer 2>err | head -n 1 | grep -q "go1.27 read as go1.26"
ok $? "the title says so"

echo "1..$count"
exit $failed
