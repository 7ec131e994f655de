#!/bin/sh
# SPDX-License-Identifier: MIT
# soak.sh SECONDS KEPT TARGET...: runs each fuzz target, made with --enable-fuzzing, for a while, and
# stops at the first finding. It begins with the corpus of the tree and with what is kept from earlier
# runs: what is new is added to KEPT/TARGET, a finding is left as KEPT/found/TARGET-*.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
seconds=$1 kept=$2
shift 2

for program in "$@"; do
	target=$(basename "$program")
	words=$top/tests/fuzz/$target.dict
	mkdir -p "$kept/$target" "$kept/found"
	set -- -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -verbosity=0 -print_final_stats=1 \
		-artifact_prefix="$kept/found/$target-"
	[ ! -e "$words" ] || set -- "$@" -dict="$words"
	echo "== $target: $seconds s"
	if ! "$program" "$@" "$kept/$target" "$top/tests/fuzz/corpus/$target"; then
		echo "$target: a finding, in $kept/found" >&2
		exit 1
	fi
done
