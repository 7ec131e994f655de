#!/bin/sh
# SPDX-License-Identifier: MIT
# go.sh FILE: how long Go's own tool takes for a trace, and its peak memory, for comparison with ours. Its reader is not open to
# other programs, so two of its commands are timed: the text of all events, beside which stands ours, and the start until its
# viewer can be asked. `!` stands behind what misses its goal. BENCH_BUILD is where gander is.
set -u
[ $# -eq 1 ] || { echo "usage: go.sh FILE" >&2; exit 2; }
command -v go >/dev/null 2>&1 || { echo "skipped: no Go"; exit 0; }
file=$1
gander=${BENCH_BUILD:-.}/gander
[ -x "$gander" ] || { echo "go.sh: no $gander; BENCH_BUILD is where it is" >&2; exit 2; }
tool=$(go tool -n trace) || { echo "skipped: no go tool trace"; exit 0; }
[ -x "$tool" ] || { go tool trace -h >/dev/null 2>&1; tool=$(go tool -n trace); } # built when first asked for
said=$(mktemp) || exit 1
child=
trap '[ -z "$child" ] || kill "$child" 2>/dev/null; rm -f "$said"' EXIT
trap 'exit 1' HUP INT TERM

now() { # hundredths of a second since boot
	awk '{ printf "%d\n", $1 * 100 }' /proc/uptime
}

peak() { # KiB; nothing once the child is gone
	sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$child/status" 2>/dev/null
}

# Watches the child until it ends or, with a text to wait for, has said it.
watch() { # [TEXT]
	begun=$(now)
	most=0
	while kill -0 "$child" 2>/dev/null; do
		seen=$(peak)
		[ -z "$seen" ] || most=$seen
		[ $# -eq 0 ] || ! grep -q "$1" "$said" || break
		[ -n "$seen" ] || break
		sleep 0.02
	done
	ended=$(now)
}

report() { # NAME
	echo "$ended $begun $most" | awk -v name="$1" '{ printf "%-28s %8.2f s %10d KiB\n", name, ($1 - $2) / 100, $3 }'
}

"$tool" -d=parsed "$file" >/dev/null 2>"$said" &
child=$!
watch
wait "$child" || { echo "go tool trace -d=parsed: $(tail -n 1 "$said")"; child=; exit 1; }
report "go tool trace -d=parsed"
parsed=$((ended - begun))

"$gander" events "$file" >/dev/null 2>"$said" &
child=$!
watch
wait "$child" || { echo "gander events: $(tail -n 1 "$said")"; child=; exit 1; }
report "gander events"
echo "$parsed $((ended - begun))" |
	awk '{ r = $1 / ($2 > 0 ? $2 : 1); printf "%-28s %8.1f x  goal 5.0%s\n", "so many times as fast", r, r < 5 ? "  !" : "" }'

BROWSER=true "$tool" -http=127.0.0.1:0 "$file" >"$said" 2>&1 &
child=$!
watch "listening on"
grep -q "listening on" "$said" || { echo "go tool trace: $(tail -n 1 "$said")"; exit 1; }
report "go tool trace, until usable"
theirs="$((ended - begun)) $most"
kill "$child"

"${BENCH_BUILD:-.}/tests/bench/bench" --only usable "$file" >"$said" || exit 1
awk -v theirs="$theirs" '{
	split(theirs, go, " ")
	time = go[1] * 10 / $1
	memory = go[2] / $2
	printf "%-28s %8.3f s %10d KiB when all is loaded\n", "gander, until usable", $1 / 1000, $2
	printf "%-28s %8.0f x%s memory 1/%.0f%s goal 200, limit 100\n", "so many times as fast", time,
		time < 100 ? "!!" : time < 200 ? "! " : "  ", memory, memory < 100 ? "!!" : memory < 200 ? "! " : "  "
}' "$said"
