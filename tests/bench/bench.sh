#!/bin/sh
# SPDX-License-Identifier: MIT
# bench.sh [--large] [--go] [TRACE...]: the table of figures for traces, or for generated ones of 50 MB and (--large) of
# 500 MB. --go: also what Go's own tool takes for files up to 60 MB, where Go is present: a minute and 10 GB of memory for
# 50 MB. `make bench` runs it in the build directory; generated traces go to BENCH_DIR (kept) or to a temporary place.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=${BENCH_BUILD:-.}
large=
go=
while [ $# -gt 0 ]; do
	case $1 in
	--large) large=yes ;;
	--go) go=yes ;;
	-*) echo "usage: bench.sh [--large] [--go] [TRACE...]" >&2; exit 2 ;;
	*) break ;;
	esac
	shift
done

generated() { # MEGABYTES
	trace=$dir/dense-$1.trace
	[ -s "$trace" ] || "$build/tests/bench/generate" --procs 16 --megabytes "$1" --shape dense "$trace"
	echo "$trace"
}

if [ $# -eq 0 ]; then
	dir=${BENCH_DIR:-}
	if [ -z "$dir" ]; then
		dir=$(mktemp -d)
		trap 'rm -rf "$dir"' EXIT
		trap 'exit 1' HUP INT TERM
	fi
	set -- "$(generated 50)"
	[ -z "$large" ] || set -- "$1" "$(generated 500)"
fi

echo "$(uname -sr), $(sed -n 's/^model name.*: //p' /proc/cpuinfo 2>/dev/null | head -n 1), load $(cut -d' ' -f1 /proc/loadavg)"
for trace in "$@"; do
	printf '\n==== %s\n' "$(basename "$trace")"
	"$build/tests/bench/bench" --gander "$build/gander" "$trace"
	if [ -n "$go" ] && [ "$(wc -c <"$trace")" -le 60000000 ]; then
		printf '\n'
		"$here/go.sh" "$trace"
	fi
done
