#!/bin/sh
# SPDX-License-Identifier: MIT
# The program and where it reads from: the same answer for the same bytes however they come, and one
# line with the right exit status for what is no trace. Speaks TAP.
. "${srcdir:-$(dirname "$0")/..}/tests/tap.sh"

# What was got is the answer for the demo trace.
same() { # WHAT
	cmp -s got expected
	ok $? "$1"
}

answer() { # TRACE
	"$gander" goroutines --format=csv "$1" 2>err
}

# The exit status and the line of a trace that is read in vain, or only in part.
ends() { # STATUS LINE TRACE
	PATH=${path:-$PATH} "$gander" summary "$3" </dev/null >out 2>err
	[ "$? $(cat err)" = "$1 gander: $3: $2" ]
	ok $? "$3: status $1"
}

program() { # NAME SCRIPT
	printf '#!/bin/sh\n%s\n' "$2" >"bin/$1" && chmod +x "bin/$1"
}

cp "$demo" a.trace
answer a.trace >expected
[ -s expected ]
ok $? "a file"

# ---- the same bytes

answer - <a.trace >got
same "standard input is a file"
cat a.trace | answer - >got
same "a pipe"
"$gander" --format=csv goroutines - 2>err <a.trace >got
same "options before it"
mkfifo fifo
cat a.trace >fifo &
answer fifo >got
same "a FIFO"
dd bs=1 <a.trace 2>/dev/null | answer - >got
same "one byte at a time"
if [ -e /proc/self/fd/0 ]; then
	answer /proc/self/fd/0 <a.trace >got
	same "/proc/self/fd/0 is a file"
	cat a.trace | answer /proc/self/fd/0 >got
	same "/proc/self/fd/0 is a pipe"
	cat a.trace | answer /dev/stdin >got
	same "/dev/stdin"
else
	skip "/proc/self/fd" "not here"
fi

# ---- Go's own texts

for form in events:parsed wire:wire footprint:footprint; do
	"$gander" "${form%:*}" a.trace >text 2>err && [ -s text ]
	ok $? "${form%:*}"
	"$gander" "-d=${form#*:}" a.trace 2>err | cmp -s - text
	ok $? "-d=${form#*:} is the same"
	cat a.trace | "$gander" "${form%:*}" - 2>err | cmp -s - text
	ok $? "${form%:*} of a pipe"
done
"$gander" events a.trace >text
"$gander" events --strict a.trace 2>err | cmp -s - text
ok $? "a trace that is whole is the same if asked to be strict"
printf 'go 1.11 trace\000\000\000' >old.trace
for form in wire footprint; do
	"$gander" $form old.trace >out 2>err
	[ "$? $(cat err)" = "4 gander: old.trace: $form is about traces of Go 1.22 and later" ]
	ok $? "$form of an old trace"
done

# ---- two traces, one after the other

cat a.trace a.trace >twice
for command in summary wire events; do
	"$gander" $command twice >out 2>err
	[ "$? $(grep -c '(50.0 %); .*: another trace begins here; only the first is shown' err)" = "1 1" ]
	ok $? "$command: of two traces one is shown, and half is lost"
done

# ---- compressed, by the programs of this host

for packer in gzip zstd; do
	if ! $packer --version >/dev/null 2>&1; then
		skip "$packer" "not installed"
		continue
	fi
	$packer -c <a.trace >packed
	answer packed >got
	same "$packer: a file"
	answer - <packed >got
	same "$packer: standard input is a file"
	cat packed | answer - >got
	same "$packer: a pipe"
	dd bs=1 <packed 2>/dev/null | answer - >got
	same "$packer: one byte at a time"
	cat packed packed >twice
	"$gander" summary --format=csv twice 2>err >out
	grep -q "^bytes,$((2 * $(wc -c <a.trace)))\$" out
	ok $? "$packer: two streams, one after the other"
	head -c 150000 packed >cut
	"$gander" goroutines cut >out 2>err
	[ "$? $(grep -c "^gander: cut: $packer: ..*" err) $(wc -l <err)" = "1 1 1" ] && [ "$(wc -l <out)" -gt 9 ]
	ok $? "$packer: cut in the middle: what came is shown, with one line"
	head -c 8 packed >cut
	"$gander" summary cut >out 2>err
	[ "$? $(wc -l <err)" = "3 1" ]
	ok $? "$packer: cut at once"
	echo "hello, this is a text" | $packer -c >text
	ends 4 "not a Go execution trace (it begins like a text)" text
done

# ---- programs of ours in their place

mkdir bin
program curl 'for url; do :; done; echo "$*" >arguments
case $url in
*/cut) head -c 200000 a.trace; echo "curl: (18) it was cut" >&2; exit 18;;
*/killed) head -c 200000 a.trace; kill -9 $$;;
*/header) head -c 16 a.trace; echo "curl: (18) it was cut" >&2; exit 18;;
*/refused) echo "curl: (7) nobody there" >&2; exit 7;;
*/silent) exit 22;;
*/packed) printf "\037\213"; cat a.trace;;
*) cat a.trace;;
esac'
program gzip 'tail -c +3'
PATH=$work/bin:$PATH
answer http://host:6060 >got
same "an address"
[ "$(cat arguments)" = "-q -fsSN --max-redirs 0 -- http://host:6060/debug/pprof/trace?seconds=5" ]
ok $? "what curl is asked for"
answer http://host/packed >got
same "an address of gzip data"
ends 1 "curl: (18) it was cut" http://host/cut
grep -q '^events ' out
ok $? "what came before is shown"
ends 1 "curl was killed: Killed" http://host/killed
ends 3 "curl: (18) it was cut" http://host/header
ends 3 "curl: (7) nobody there" http://host/refused
ends 3 "curl failed with exit status 22" http://host/silent

# ---- what cannot be read

: >empty
echo "hello, this is a text" >text
printf '\037\213rest' >data.gz
printf '\050\265\057\375rest' >data.zst
mkdir directory
ends 3 "No such file or directory" missing
ends 4 "no file in this directory begins as a trace does" directory
ends 4 "not a Go execution trace (the file is empty)" empty
ends 4 "not a Go execution trace (it begins like a text)" text
ends 4 "not a Go execution trace (the file is empty)" /dev/null
ends 4 'not a Go execution trace (it does not begin with "go 1.")' /dev/zero
ends 4 "not a Go execution trace (the file is empty)" -
ends 2 "https is not read; try: curl -fsSN URL | gander -" https://host
ends 2 "no host in it; try: gander http://localhost:6060" http://
ends 2 "only files and http:// addresses are read; try: curl -fsSN URL | gander -" ftp://host/trace
cp a.trace secret && chmod 0 secret
if [ -r secret ]; then
	skip "no permission" "this user may read everything"
else
	ends 3 "Permission denied" secret
fi
path=$work/directory # has none
ends 3 "curl is needed to read addresses, and is not installed (not on PATH)" http://host
ends 3 "gzip is needed to read gzip data, and is not installed (not on PATH)" data.gz
ends 3 "zstd is needed to read zstd data, and is not installed (not on PATH)" data.zst

echo "1..$count"
exit $failed
