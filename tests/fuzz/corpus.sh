#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes the corpus that comes from text traces; what fuzzing found stands in corpus/README.md. From a build directory, after `make tests/assemble`:
#
#	sh TOP/tests/fuzz/corpus.sh
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
corpus=$top/tests/fuzz/corpus

make_file() { # NAME TEST [DAMAGE...]
	name=$1 test=$2
	shift 2
	tests/assemble "$top/tests/traces/$test.test" "$@" >"$corpus/fuzz_file/$name"
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

# Others want a byte that counts the versions instead of a header.
make_rest() { # TARGET NAME VERSION TEST [DAMAGE...]
	rest=$corpus/$1/$2 version=$3 test=$4
	shift 4
	tests/assemble "$top/tests/traces/$test.test" "$@" >"$rest.whole"
	{
		printf "\\00$version"
		tail -c +17 "$rest.whole"
	} >"$rest"
	rm "$rest.whole"
}

make_rest fuzz_frame go-1.22 0 go-1.22
make_rest fuzz_frame go-1.23 1 go-1.23
make_rest fuzz_frame go-1.25 2 go-1.25
make_rest fuzz_frame go-1.26 3 go-1.26
make_rest fuzz_frame three-generations 3 wait-through-three-generations
make_rest fuzz_frame no-frequency 1 no-frequency-in-last-generation
make_rest fuzz_frame marks-of-another-version 2 wait-through-three-generations
make_rest fuzz_frame cut-in-header 3 go-1.26 cut=20
make_rest fuzz_frame cut-in-last-generation 3 wait-through-three-generations cut=400
make_rest fuzz_frame flip-in-batch-size 2 go-1.25 flip=21.3
make_rest fuzz_frame flip-in-generation 0 go-1.22 flip=17.2

make_rest fuzz_v1 go-1.5 0 v1-go-1.5
make_rest fuzz_v1 stop-of-before-1.10 1 v1-stop-of-before-1.10
make_rest fuzz_v1 go-1.11 5 v1-go-1.11
make_rest fuzz_v1 clocks-disagree 5 v1-clocks-disagree
make_rest fuzz_v1 damaged-inside 5 v1-damaged-inside
make_rest fuzz_v1 made-up-procs 5 v1-made-up-procs
make_rest fuzz_v1 assist-from-before 6 v1-assist-from-before
make_rest fuzz_v1 syscall-loses-its-proc 7 v1-syscall-loses-its-proc
make_rest fuzz_v1 cut-in-tables 5 v1-go-1.11 cut=220
make_rest fuzz_v1 flip-in-sequence-number 7 v1-syscall-loses-its-proc flip=120.2
make_rest fuzz_v1 of-another-version 2 v1-go-1.11

# Bytes of no meaning but the first, which says what kind of trace fuzz_order makes of them (made.c).
make_script() { # NAME FIRST SEED
	awk -v first="$2" -v x="$3" 'BEGIN {
		printf "\\%03o", first
		for (i = 0; i < 1500; i++) {
			x = (x * 1103515245 + 12345) % 2147483648
			printf "\\%03o", int(x / 65536) % 256
		}
	}' >"$corpus/fuzz_order/$1.octal"
	# shellcheck disable=SC2059 # octal escapes
	printf "$(cat "$corpus/fuzz_order/$1.octal")" >"$corpus/fuzz_order/$1"
	rm "$corpus/fuzz_order/$1.octal"
}

make_script honest-1.22 12 1
make_script honest-1.23 13 2
make_script honest-1.25 14 3
make_script honest-1.26-crowded 31 4
make_script clocks-differ-1.22 8 5
make_script clocks-differ-1.23-crowded 25 6
make_script clocks-differ-1.26 11 7
make_script mischief-1.22 4 8
make_script mischief-1.26 7 9
make_script mischief-1.26-crowded 23 10
make_script mischief-and-clocks-1.25 2 11
make_script mischief-and-clocks-1.23-crowded 17 12
