#!/bin/sh
# SPDX-License-Identifier: MIT
# damage.sh [--times N] [TRACE...]: how much of damaged traces is kept; without traces, of the demo, of those with one
# generation in GANDER_SHARED, and of a generated one of 40 MB. `make bench-damage` runs it in the build directory.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=${BENCH_BUILD:-.}
times=2000
if [ "${1:-}" = --times ]; then
	times=$2
	shift 2
fi
if [ $# -eq 0 ]; then
	dir=${BENCH_DIR:-}
	if [ -z "$dir" ]; then
		dir=$(mktemp -d)
		trap 'rm -rf "$dir"' EXIT
		trap 'exit 1' HUP INT TERM
	fi
	trace=$dir/dense-40.trace
	[ -s "$trace" ] || "$build/tests/bench/generate" --procs 16 --megabytes 40 --shape dense "$trace"
	set -- "$(cd "$here/../traces" && pwd)/demo.trace"
	for shared in "${GANDER_SHARED:-/nowhere}"/traces/go1.2[2-9]-classic/trace.out; do
		[ ! -f "$shared" ] || set -- "$@" "$shared"
	done
	set -- "$@" "$trace"
fi
"$build/tests/bench/damage" --times "$times" "$@"
