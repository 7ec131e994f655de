#!/bin/sh
# SPDX-License-Identifier: MIT
# What shells complete is what the program takes: every command and every option, and no others. Speaks TAP.
. "${srcdir:-$(dirname "$0")/..}/tests/tap.sh"
completions=$(dirname "$demo")/../../tui/completions

"$gander" --help >help 2>err
sed -n '/^commands:/,/^$/s/^  \([a-z]*\).*/\1/p' help | sort >commands
grep -oE '^  --[a-z-]+' help | sed 's/^  --//' | sort -u >options
[ "$(wc -l <commands)" -gt 20 ] && [ "$(wc -l <options)" -gt 20 ]
ok $? "help lists them"

words() { # FILE: all words of it
	grep -oE '[a-z][a-z-]*' "$1" | sort -u
}

for shell in gander.bash _gander gander.fish; do
	words "$completions/$shell" >words
	comm -23 commands words >err
	[ ! -s err ]
	ok $? "$shell: every command"
done

for shell in gander.bash _gander; do
	grep -oE -- "(^|[[:space:]'])--[a-z-]+" "$completions/$shell" | grep -oE '[a-z][a-z-]*' | sort -u >theirs
	comm -3 options theirs >err
	[ ! -s err ]
	ok $? "$shell: the same options"
done
sed -n 's/^complete .* -l \([a-z-]*\).*/\1/p' "$completions/gander.fish" | sort -u >theirs
comm -3 options theirs >err
[ ! -s err ]
ok $? "gander.fish: the same options"

if command -v bash >bash.path; then
	cat >try <<'END'
. "$1"
COMP_WORDS=(gander gor) COMP_CWORD=1
_gander
echo "${COMPREPLY[*]}"
COMP_WORDS=(gander stw --format = c) COMP_CWORD=4
_gander
echo "${COMPREPLY[*]}"
END
	[ "$(bash try "$completions/gander.bash" 2>err | tr '\n' ',')" = "goroutines goroutine,csv," ]
	ok $? "bash completes"
else
	skip "bash completes" "bash is not installed"
fi

echo "1..$count"
exit $failed
