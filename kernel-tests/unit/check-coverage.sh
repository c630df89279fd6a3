#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# kernel-tests/run --coverage: the page of the cases is COVERAGE, and a case that names a row that
# there is not is an error.
set -euo pipefail

HERE=$(cd "$(dirname "$0")/.." && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0

# is NAME WANTED HAVE
is() {
	[ "$2" != "$3" ] || return 0
	printf '%s:\n' "$1"
	diff -u --label expected --label seen <(printf '%s\n' "$2") <(printf '%s\n' "$3") || :
	failed=1
}

coverage() {
	local status=0
	perl "$HERE/host/coverage.pl" "$tmp" 2>&1 || status=$?
	echo "= $status"
}

if ! "$HERE/run" --coverage | diff -u --label COVERAGE --label "run --coverage" "$HERE/COVERAGE" -
then
	echo "COVERAGE is not of these cases: kernel-tests/run --coverage >kernel-tests/COVERAGE"
	failed=1
fi

mkdir -p "$tmp/cases/packet"
cat >"$tmp/coverage.rows" <<'END'
# a comment

A    Class packet
A1   packet send,
     by a program
     (one, two)
A2   packet recv
     (three)
A3   unix sockets
     (four)
     out of scope: no network
END
cat >"$tmp/cases/packet/a.cases" <<'END'
# covers: A1
case  a client may not send
each  ip=4,6

case  of no row

# covers: A1
# A comment of the case.
case  a client may send
END
is "rows with and without cases" 'Class packet
------------

A1   packet send,
     by a program
     (one, two)
         packet/a 2
A2   packet recv
     (three)
         NO CASE
A3   unix sockets
     (four)
         out of scope: no network
= 0' "$(coverage | sed '1,/^it yet/d; /./,$!d')"

cat >>"$tmp/cases/packet/a.cases" <<'END'
# covers: A1 A9
case  of a row that does not exist
# covers: A3
case  of a row that is out of scope
# covers: A2
# covers: A2
END
is "wrong rows" "$tmp/cases/packet/a.cases:10: no row of coverage.rows: 'A9'
$tmp/cases/packet/a.cases:12: the row is out of scope: 'A3'
$tmp/cases/packet/a.cases:15: no case behind the last line \"# covers\"
$tmp/cases/packet/a.cases:15: no case behind the line \"# covers\" before
= 1" "$(coverage)"
echo '? a line of no row' >>"$tmp/coverage.rows"
rm "$tmp/cases/packet/a.cases"
is "a wrong line of the rows" \
	"$tmp/coverage.rows:12: expected an ID, or blanks and more of a row
= 1" "$(coverage)"
is "--coverage with another option" \
	'run: --coverage goes with no other option, nor with case files' \
	"$("$HERE/run" --coverage --list 2>&1)"
exit "$failed"
