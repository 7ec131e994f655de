#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes the corpus of fuzz_file that comes from text traces; those that fuzzing found stand in
# corpus/README.md. From a build directory, after `make tests/assemble`:
#
#	sh TOP/tests/fuzz/corpus.sh
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
out=$top/tests/fuzz/corpus/fuzz_file

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
