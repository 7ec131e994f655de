#!/bin/sh
# SPDX-License-Identifier: MIT
# Holds the house to its floor plan: a room includes only what the table names, a foreign library
# has one doorkeeper, and no include makes a circle. Speaks TAP.
set -u
cd "${srcdir:-$(dirname "$0")/..}" || exit 99
count=0
failed=0

check() { # NAME OFFENDERS
	count=$((count + 1))
	if [ -z "$2" ]; then
		echo "ok $count - $1"
	else
		failed=1
		echo "not ok $count - $1"
		echo "$2" | sed 's/^/# /'
	fi
}

# The includes of a room that are not on its list.
room() { # ROOM ALLOWED...
	room=$1
	shift
	allowed=$(printf '|%s' "$@" "$room")
	check "$room includes only what it may" "$(grep -rnE '^#include "' "$room" --include='*.[ch]' |
		grep -vE "#include \"(config\.h|(${allowed#|})/[^/]*)\"")"
}

room core/base
room core/trace core/base
room core/model core/base core/trace
room core/analysis core/base core/trace core/model
room core/export core/base core/trace core/model core/analysis
room tui/state 'core/[a-z]+'
room tui/control 'core/[a-z]+' tui/state
room tui/view 'core/[a-z]+' tui/state
room tui/report 'core/[a-z]+'
room tui/host core/base core/trace core/model
check "tui/term includes only base and cells" "$(grep -rnE '^#include "' tui/term --include='*.[ch]' |
	grep -vE '#include "(config\.h|core/base/[^/]*|tui/term/[^/]*|tui/view/cells\.h)"')"

keeper() { # HEADER FILE
	check "only $2 includes <$1>" "$(grep -rnE "#include <$1>" core tui --include='*.[ch]' | grep -v "^$2:")"
}
keeper curses.h tui/term/screen.c
keeper termkey.h tui/term/keys.c
keeper pcre2.h core/analysis/pattern.c
keeper pthread.h tui/host/workers.c
keeper 'sys/wait.h' tui/host/child.c

check "core neither prints nor exits nor asks the environment or the clock" "$(grep -rnE \
	'[^a-z_](printf|fprintf|puts|exit|getenv|time|clock_gettime)\(' core --include='*.c' | grep -v snprintf)"
check "core has no malloc outside core/base" "$(grep -rnE '[^a-z_](malloc|calloc|realloc|free|strdup)\(' \
	core --include='*.c' | grep -v '^core/base/')"
check "each source begins with its licence" "$(for f in $(find core tui tests -name '*.[ch]'); do
	head -1 "$f" | grep -q 'SPDX-License-Identifier: MIT' || echo "$f"; done)"
check "no include makes a circle" "$(grep -rhoE '' /dev/null; for f in $(find core tui -name '*.h'); do
	sed -n 's/^#include "\(.*\)"/\1/p' "$f" | while read -r to; do echo "$f $to"; done; done | tsort 2>&1 >/dev/null)"

echo "1..$count"
exit $failed
