#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes the corpus of fuzz_file and fuzz_v1 that comes from text traces; those that fuzzing found stand
# in corpus/README.md. From a build directory, after `make tests/assemble`:
#
#	sh TOP/tests/fuzz/corpus.sh
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
out=$top/tests/fuzz/corpus/fuzz_file
out_v1=$top/tests/fuzz/corpus/fuzz_v1

make_file() { # NAME TEST [DAMAGE...]
	name=$1 test=$2
	shift 2
	tests/assemble "$top/tests/traces/$test.test" "$@" >"$out/$name"
}

for test in go-1.22 go-1.23 go-1.25 go-1.26 assist-across-generations coroutine-switch id-used-twice \
	proc-abandoned-after-syscall stop-with-straggler sweep-without-proc; do
	make_file "$test" "$test"
done
make_file cut-in-header go-1.26 cut=20
make_file cut-in-tables go-1.26 cut=200
make_file cut-in-last-generation wait-through-three-generations cut=400
make_file flip-in-batch-size go-1.25 flip=21.3
make_file flip-in-event-type go-1.23 flip=24.4
make_file flip-in-goroutine go-1.26 flip=55.6

# Instead of a header fuzz_v1 wants a byte that counts the versions.
make_v1() { # NAME VERSION TEST [DAMAGE...]
	name=$1 version=$2 test=$3
	shift 3
	tests/assemble "$top/tests/traces/$test.test" "$@" >"$out_v1/$name.whole"
	{
		printf "\\00$version"
		tail -c +17 "$out_v1/$name.whole"
	} >"$out_v1/$name"
	rm "$out_v1/$name.whole"
}

make_v1 go-1.5 0 v1-go-1.5
make_v1 stop-of-before-1.10 1 v1-stop-of-before-1.10
make_v1 go-1.11 5 v1-go-1.11
make_v1 clocks-disagree 5 v1-clocks-disagree
make_v1 damaged-inside 5 v1-damaged-inside
make_v1 made-up-procs 5 v1-made-up-procs
make_v1 assist-from-before 6 v1-assist-from-before
make_v1 syscall-loses-its-proc 7 v1-syscall-loses-its-proc
make_v1 cut-in-tables 5 v1-go-1.11 cut=220
make_v1 flip-in-sequence-number 7 v1-syscall-loses-its-proc flip=120.2
make_v1 of-another-version 2 v1-go-1.11
