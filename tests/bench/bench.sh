#!/bin/sh
# SPDX-License-Identifier: MIT
# bench.sh [--large] [--shapes] [--go] [TRACE...]: the table of figures for traces, or for generated ones of 50 MB and (--large)
# of 500 MB, and the peak of memory and the first picture for 1 and 4 GB. --shapes: instead, a line for each of many kinds of generated traces, and how figures grow. --go: also what Go's own tool takes for files up to 60 MB, where Go is present: a minute and 10 GB of memory for
# 50 MB. `make bench` runs it in the build directory; generated traces go to BENCH_DIR (kept) or to a temporary place.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=${BENCH_BUILD:-.}
large=
dir=
go=
shapes=
while [ $# -gt 0 ]; do
	case $1 in
	--large) large=yes ;;
	--go) go=yes ;;
	--shapes) shapes=yes ;;
	-*) echo "usage: bench.sh [--large] [--shapes] [--go] [TRACE...]" >&2; exit 2 ;;
	*) break ;;
	esac
	shift
done

generated() { # MEGABYTES
	trace=$dir/dense-$1.trace
	[ -s "$trace" ] || "$build/tests/bench/generate" --procs 16 --megabytes "$1" --shape dense "$trace"
	echo "$trace"
}

# How much memory a large file takes at most; the trace is not kept.
large() { # MEGABYTES ARGUMENTS-OF-BENCH...
	"$build/tests/bench/generate" --procs 16 --megabytes "$1" "$dir/large.trace" 2>/dev/null
	shift
	"$build/tests/bench/bench" --only memory "$@" "$dir/large.trace"
	for part in first latency frames; do
		"$build/tests/bench/bench" --only $part --runs 3 "$dir/large.trace"
	done
	rm -f "$dir/large.trace"
}

# A line of the table of shapes; the trace is not kept.
row() { # NAME ARGUMENTS-OF-GENERATE...
	name=$1
	shift
	"$build/tests/bench/generate" "$@" "$dir/shape.trace" 2>/dev/null
	printf '%-26s ' "$name"
	"$build/tests/bench/bench" --only row --runs 3 "$dir/shape.trace"
	rm -f "$dir/shape.trace"
}

shape_table() {
	printf '%-26s %8s %8s %5s %9s %9s %9s %9s %8s\n' "" MB "M events" gens "ns/event" "index" "1 thread" "all" "memory"
	printf '%-26s %8s %8s %5s %9s %9s %9s %9s %8s\n' "" "" "" "" "1 thread" "multiple" "multiple" "multiple" "- 32 MiB"
	for procs in 2 4 16 64; do
		row "dense, $procs Ps" --procs $procs --megabytes 30
	done
	for procs in 4 64; do
		row "sparse, $procs Ps" --shape sparse --procs $procs --megabytes 30
	done
	for goroutines in 10 100 1000 10000 100000; do
		row "$goroutines goroutines" --procs 8 --goroutines $goroutines --megabytes 30
	done
	for skew in 500 3000 50000; do
		row "clocks $skew ns apart" --procs 8 --skew-ns $skew --megabytes 30
	done
	for length in 10 100 10000; do
		row "generations of $length ms" --procs 8 --generation-ms $length --megabytes 30
	done
	for version in 22 23 25; do
		row "version 1.$version" --procs 8 --version $version --megabytes 30
	done
	for size in 3 30 300; do
		row "growth: $size MB" --procs 8 --megabytes $size
	done
}

# From a table: how load by one thread grows with ten times the file, and with ten times the goroutines at equal size.
growth() {
	awk 'function tell(name, ratio, goal, limit) {
		printf "%-44s %6.2f x%s goal %g, limit %g\n", name, ratio,
			(ratio > limit ? " !!" : (ratio > goal ? " ! " : "   ")), goal, limit
	}
	{
		gsub(/!/, " ")
		last = substr($0, 1, 26)
		split(substr($0, 27), f, " ")
	}
	/^growth: / { # multiples of what grows with the file
		if (size) tell("load, " $2 " MB against " size " MB", 10 * f[6] / multiple, 10, 12)
		multiple = f[6]; size = $2
	}
	/^[0-9]+ goroutines/ {
		if (gos) tell("load, " $1 " goroutines against " gos, f[6] / was, 1.3, 2)
		was = f[6]; gos = $1
	}'
}

if [ -n "$shapes" ] || [ $# -eq 0 ]; then
	dir=${BENCH_DIR:-}
	if [ -z "$dir" ]; then
		dir=$(mktemp -d)
		trap 'rm -rf "$dir"' EXIT
		trap 'exit 1' HUP INT TERM
	fi
	if [ -n "$shapes" ]; then
		shape_table | tee "$dir/shapes"
		growth <"$dir/shapes"
		exit 0
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
if [ -n "$large" ] && [ -n "$dir" ]; then
	printf '\n==== large files\n'
	large 1000
	large 4000 --memory 256
fi
