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

# Bytes of no meaning but the first, which says what kind of trace is made of them (made.c).
make_script() { # TARGET NAME FIRST SEED [COUNT]
	awk -v first="$3" -v x="$4" -v count="${5:-1500}" 'BEGIN {
		printf "\\%03o", first
		for (i = 0; i < count; i++) {
			x = (x * 1103515245 + 12345) % 2147483648
			printf "\\%03o", int(x / 65536) % 256
		}
	}' >"$corpus/$1/$2.octal"
	# shellcheck disable=SC2059 # octal escapes
	printf "$(cat "$corpus/$1/$2.octal")" >"$corpus/$1/$2"
	rm "$corpus/$1/$2.octal"
}

make_script fuzz_model honest-1.22 12 21 600
make_script fuzz_model honest-1.23 13 22 600
make_script fuzz_model honest-1.25 14 23 600
make_script fuzz_model honest-1.26 15 24 600
make_script fuzz_model clocks-differ-1.26 11 25 600
make_script fuzz_model mischief-1.23 5 26 600
make_script fuzz_model mischief-and-clocks-1.26 3 27 600
make_script fuzz_order honest-1.22 12 1
make_script fuzz_order honest-1.23 13 2
make_script fuzz_order honest-1.25 14 3
make_script fuzz_order honest-1.26-crowded 31 4
make_script fuzz_order clocks-differ-1.22 8 5
make_script fuzz_order clocks-differ-1.23-crowded 25 6
make_script fuzz_order clocks-differ-1.26 11 7
make_script fuzz_order clocks-differ-1.26-crowded-at-once 59 13
make_script fuzz_order mischief-1.22 4 8
make_script fuzz_order mischief-1.26 7 9
make_script fuzz_order mischief-1.26-crowded 23 10
make_script fuzz_order mischief-and-clocks-1.25 2 11
make_script fuzz_order mischief-and-clocks-1.23-crowded 17 12

# For fuzz_tables: a byte for the version, then batches with two bytes of length before each.
make_bytes() { # TARGET NAME BYTES...
	bytes=$corpus/$1/$2
	shift 2
	printf '%b' "$@" >"$bytes"
}

make_bytes fuzz_tables strings '\0003' '\0013\0000' '\0004\0005\0001\0003abc\0005\0002\0001x'
make_bytes fuzz_tables strings-said-twice '\0000' '\0013\0000' '\0004\0005\0001\0001a\0005\0001\0002bc' \
	'\0007\0000' '\0004\0005\0002\0003cde'
make_bytes fuzz_tables stacks '\0002' '\0014\0000' '\0002\0003\0007\0002\0001\0001\0002\0003\0004\0002\0001\0005' \
	'\0012\0000' '\0004\0005\0001\0001f\0005\0002\0001g'
make_bytes fuzz_tables stack-cut '\0003' '\0007\0000' '\0002\0003\0007\0002\0001\0001\0002'
make_bytes fuzz_tables samples '\0001' '\0015\0000' '\0006\0007\0011\0001\0000\0001\0001\0007\0002\0001\0000\0001\0001' \
	'\0003\0000' '\0010\0350\0007'
make_bytes fuzz_tables clocks '\0003' '\0014\0000' '\0062\0010\0350\0007\0063\0001\0002\0200\0200\0001\0003\0004' \
	'\0006\0000' '\0062\0063\0001\0002\0003\0004'
make_bytes fuzz_tables clock-cut '\0002' '\0005\0000' '\0062\0063\0001\0002\0003'

# Texts as tests are written: the traces alone.
make_text() { # NAME TEST
	awk '/^-- .* --$/ { inside = $2 == "trace"; next } inside' "$top/tests/traces/$2.test" >"$corpus/fuzz_text/$1"
}

make_text go-1.22 go-1.22
make_text go-1.23 coroutine-switch
make_text go-1.26 go-1.26
make_text v1-go-1.5 v1-go-1.5
make_text v1-go-1.11 v1-go-1.11
make_bytes fuzz_text strings 'Trace Go1.26\nString id=1\n\tdata="\\n\\"\\xff\\101\\u00e9\\U0001F600"\n' \
	'String id=2\n\tdata=`a\\n`\nEndOfGeneration\n'
make_bytes fuzz_text frames 'Trace Go1.23\nStack id=7 nframes=2\n\tpc=1 func=2 file=3 line=4\n\tpc=128 func=6 file=7 line=8\n' \
	'ExperimentalBatch exp=1 gen=2 m=3 time=4\n\tdata="hi"\n'
make_bytes fuzz_text archive 'about\n-- one --\n1\n-- trace --\nTrace Go1.26\nEndOfGeneration\n-- two --\n'

# For fuzz_cells: where, how wide and with which glyphs, then the text.
make_bytes fuzz_cells ascii '\0024\0040\0000' 'main.(*T).f\0007\0033[31m'
make_bytes fuzz_cells wide '\0020\0025\0000' '\0344\0270\0226\0347\0225\0214\0344\0270\0226\0347\0225\0214'
make_bytes fuzz_cells marks '\0024\0040\0000' 'e\0314\0201\0314\0202\0314\0203 1\0314\0201'
make_bytes fuzz_cells right-to-left '\0024\0040\0001' 'a\0342\0200\0256b\0341\0240\0216\0357\0273\0277'
make_bytes fuzz_cells no-utf-8 '\0024\0040\0000' '\0300\0257\0355\0240\0200\0364\0220\0200\0200\0302\0205\0377'
make_bytes fuzz_cells outside '\0000\0077\0000' 'longer than what is left of the row'

make_bytes fuzz_report plain 'name\0037self\0037file\0037main.f\003712\0037main.go'
make_bytes fuzz_report quotes 'a"b\0037,\0037\n\0037 x\0037\r\0037""\0037\\'
make_bytes fuzz_report no-utf-8 'a\0037b\0037c\0037\0377\0302\0037\0355\0240\0200\0037\0302\0205\0177\0001'

make_bytes fuzz_keymap words 'map any <C-w>j quit\nmap timeline ZZ zoom in 10\nunmap timeline ZZ\nmap help <ruler:WheelUp> zoom "in"\n'
make_bytes fuzz_keymap wrong 'map any <Foo> quit\nmup\nmap any w zoom \0047in\ninclude nobody\nmap timeline w zap\n'
make_bytes fuzz_keymap built-in 'include vim\nmap timeline <A-x> pan -1/8\n'
make_bytes fuzz_keymap sequences 'map any g quit\nmap any gg zoom all\nmap any ggg pan 1\nmap any <lt><Space><Bar> search \\ x\n'

make_bytes fuzz_locator place 't=412.1ms+3ms,g=21,s=1us'
make_bytes fuzz_locator row 'row=stw,t=-5,p=18446744073709551615'
make_bytes fuzz_locator wrong 't=1ms,,g=x'

# For fuzz_filter: an expression, then names.
make_bytes fuzz_filter numbers 'dur>1ms && (g=G1..3 || !p=0) && time=-9us..8us\0000'
make_bytes fuzz_filter stack 'stack~"main ** \\(\\*T\\)\\." || func!~lock\0000main.(*T)main.mainlock'
make_bytes fuzz_filter texts 'region="a b" && log~\\Vx. && reason!="" || task=request\0000a b\0377\0302request'
make_bytes fuzz_filter costly 'name~"(a+)+[de]"\0000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'
make_bytes fuzz_filter wrong 'state=waiting && stack~"a(" || g=\0000'
