# SPDX-License-Identifier: MIT
# For tests in shell, which begin with it: the program, the demo trace, a place to work in that goes at the end, and TAP.
set -u
gander=$PWD/gander
demo=$(cd "${srcdir:-$(dirname "$0")/..}" && pwd)/tests/traces/demo.trace
work=$(mktemp -d) || exit 99
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work" || exit 99
count=0
failed=0

ok() { # GOOD WHAT
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $count - $2"
	else
		failed=1
		echo "not ok $count - $2"
		sed 's/^/# /' err
	fi
}

skip() { # WHAT WHY
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}
