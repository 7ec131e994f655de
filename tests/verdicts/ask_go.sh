#!/bin/sh
# ask_go.sh FILE.test...: sections expect and events of cases, written anew as Go's own reader has them. ASSEMBLE names
# tests/assemble of a build; GO_TRACE a program other than go tool trace, which is Go's of 1.26. A verdict that
# goes on with a comma stays as it is.
set -eu
assemble=${ASSEMBLE:-tests/assemble} trace=$(mktemp) events=$(mktemp)
trap 'rm -f "$trace" "$events"' EXIT

for file; do
	if grep -qE '^(SUCCESS|FAILURE), ' "$file"; then
		echo "$file: stays as it is"
		continue
	fi
	"$assemble" "$file" >"$trace"
	verdict=SUCCESS
	# shellcheck disable=SC2086 # a command and its arguments
	TZ=UTC ${GO_TRACE:-go tool trace} -d=parsed "$trace" >"$events" 2>/dev/null || verdict=FAILURE
	{
		awk '/^-- .* --$/ { exit } { print }' "$file"
		printf -- '-- expect --\n%s\n-- trace --\n' $verdict
		awk '/^-- .* --$/ { inside = $2 == "trace"; next } inside' "$file"
		printf -- '-- events --\n'
		cat "$events"
	} >"$file.new"
	mv "$file.new" "$file"
	echo "$file: $verdict"
done
