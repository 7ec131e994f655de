#!/bin/sh
# SPDX-License-Identifier: MIT
# oracle.sh [TRACE...]: whether all answers to a trace equal those of Go's own reader and analyses, live, and whether go tool
# pprof makes the same of profiles; without traces, to a generated one of 50 MB. It needs Go, the sources of the oracle in
# GANDER_SHARED, and for 50 MB a minute and 10 GB of memory. `make bench-oracle` runs it in the build directory; it exits with 1
# if anything differs.
set -u
build=${BENCH_BUILD:-.}
gander=$build/gander
command -v go >/dev/null 2>&1 || { echo "skipped: no Go"; exit 0; }
source=${GANDER_SHARED:-/nowhere}/tools/oracle/build.sh
[ -f "$source" ] || { echo "skipped: GANDER_SHARED does not name the directory that has the oracle"; exit 0; }
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
sh "$source" "$dir/oracle" || exit 1
if [ $# -eq 0 ]; then
	"$build/tests/bench/generate" --procs 16 --megabytes 50 --shape dense "$dir/dense-50.trace" 2>/dev/null || exit 1
	set -- "$dir/dense-50.trace"
fi
failed=0

verdict() { # NAME STATUS
	if [ "$2" -eq 0 ]; then
		printf '%-12s same\n' "$1"
	else
		failed=1
		printf '%-12s DIFFERS\n' "$1"
	fi
}

# The table of a command, in the form of the oracle.
ours() { # COMMAND TRACE
	case $1 in
	task-events) "$gander" task --events --format=csv "$2" ;;
	*) "$gander" "$1" --format=csv "$2" ;;
	esac
}

# What go tool pprof finds in a profile, without the name of its file.
top() { # FILE
	go tool pprof -top -nodecount=1000000 -nodefraction=0 -edgefraction=0 "$1" 2>/dev/null | grep -v '^File:'
}

answers() { # TRACE
	mkdir -p "$dir/want"
	rm -f "$dir/want"/*
	"$dir/oracle" all "$1" "$dir/want" || { failed=1; return; }
	for want in "$dir/want"/*.csv; do
		name=$(basename "$want" .csv)
		ours "$name" "$1" >"$dir/got" && "$build/tests/bench/compare" "$want" "$dir/got"
		verdict "$name" $?
	done
}

profiles() { # TRACE
	for type in net sync syscall sched; do
		"$dir/oracle" -pprof=$type "$1" >"$dir/want.pprof" 2>/dev/null
		"$gander" -pprof=$type "$1" >"$dir/got.pprof"
		top "$dir/want.pprof" | sort >"$dir/want.top"
		top "$dir/got.pprof" | sort >"$dir/got.top"
		cmp -s "$dir/want.top" "$dir/got.top" && [ -s "$dir/got.top" ]
		verdict "-pprof=$type" $?
	done
}

for trace in "$@"; do
	printf '\n==== %s\n' "$(basename "$trace")"
	answers "$trace"
	profiles "$trace"
done
exit $failed
