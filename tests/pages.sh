#!/bin/sh
# SPDX-License-Identifier: MIT
# What the manual page and README tell of is what there is: every command and every option, and no others. Speaks TAP.
. "${srcdir:-$(dirname "$0")/..}/tests/tap.sh"
house=$(dirname "$demo")/../..

"$gander" --help >help 2>err
sed -n '/^commands:/,/^$/s/^  \([a-z]*\).*/\1/p' help | sort >commands
grep -oE '^  --[a-z-]+' help | sed 's/^  --//' | sort -u >options
[ "$(wc -l <commands)" -gt 20 ] && [ "$(wc -l <options)" -gt 20 ]
ok $? "help lists them"

# .It Cm net , sync , syscall , sched
sed -n '/^\.Sh COMMANDS/,/^\.Sh OPTIONS/s/^\.It Cm //p' "$house/tui/gander.1" |
	sed 's/ \(Op\|Ar\) .*//' | tr -s ' ,' '\n\n' | sort >theirs
comm -3 commands theirs >err
[ ! -s err ]
ok $? "gander.1: the same commands"

# .It Fl -from Ns = Ns Ar t , Fl -to Ns = Ns Ar t
grep -E '^\.It Fl ' "$house/tui/gander.1" | grep -oE 'Fl -[a-z-]+' | sed 's/Fl -//' | sort -u >theirs
comm -3 options theirs >err
[ ! -s err ]
ok $? "gander.1: the same options"

grep -oE '`[^`]*`' "$house/README.md" | tr -d '`' >quoted
: >err
while read -r command; do
	grep -qE "^(gander )?$command( |\$)" quoted || echo "$command" >>err
done <commands
[ ! -s err ]
ok $? "README: every command"

grep -oE -- '--[a-z-]+' quoted | sed 's/^--//' | sort -u >theirs
{
	cat options
	grep -oE -- '--[a-z-]+' "$house/configure.ac" | sed 's/^--//'
} | sort -u >known
comm -13 known theirs >err
[ ! -s err ]
ok $? "README: no other options"

# gander stw trace.out: what is called so is there
grep -oE '^gander [a-z]+ ' quoted | sed 's/^gander //; s/ $//' | sort -u | comm -13 commands - >err
[ ! -s err ]
ok $? "README: no other commands"

echo "1..$count"
exit $failed
