#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Exit statuses and results never disagree: what kernel-tests/run makes of a script's output, and
# what scripts/check counts. Nothing boots.
set -euo pipefail

HERE=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=scripts/common.sh
. "$HERE/../scripts/common.sh"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
bad=0

# same WHAT WANTED HAVE
same() {
	[ "$2" != "$3" ] || return 0
	printf '%s\n  wanted: %s\n  have:   %s\n' "$1" "$2" "$3"
	bad=$((bad + 1))
}

# script WANTED [--tap]: standard input is what a script printed in the guest
script() {
	local wanted=$1
	shift
	tap_start
	tap_read_script >"$tmp/out"
	same "script $(tr '\n' '|' <"$tmp/out")" "$wanted" "$(tap_script_disagrees "$@")"
}

script '' <<'END'
ok 1 - one
ok 2 - two # SKIP the archive cannot be reached
1..2
exit 0
END
same 'without its end' 'ok 1 - one|ok 2 - two # SKIP the archive cannot be reached|1..2|' \
	"$(tr '\n' '|' <"$tmp/out")"
script '' <<'END'
1..2
not ok 1 - one
# why
ok 2 - two
exit 1
END
script 'exit status 0, but 1 of 2 failed' <<'END'
not ok 1 - one
ok 2 - two
1..2
exit 0
END
script 'exit status 0, but 1 results came without a plan' <<'END'
ok 1 - one
exit 0
END
script 'exit status 0, but the guest planned 3 results, and 2 came' <<'END'
1..3
ok 1 - one
ok 2 - two
exit 0
END
script 'exit status 0, but the guest planned 1 results, and 2 came' <<'END'
ok 1 - one
ok 2 - two
1..1
exit 0
END
script "exit status 0, but the guest planned 'x' results" <<'END'
ok 1 - one
1..x
exit 0
END
script 'exit status 0, but nothing ran: 1 skipped' <<'END'
ok 1 - one # SKIP the archive cannot be reached
1..1
exit 0
END
script 'exit status 2, but all results are good' <<'END'
ok 1 - one
1..1
exit 2
END
script '' <<'END'
no results at all
exit 0
END
script 'exit status 0, but the guest said nothing' --tap <<'END'
no results at all
exit 0
END
script '' --tap <<'END'
exit 1
END

# counts PASSED FAILED SKIPPED LINE STATUS: what scripts/check counts if standard input is printed
# and this is the exit status, and the line that says so
counts() {
	local wanted="$1 $2 $3 run: $4" log status=$5
	log=$(cat)
	passed=0 failed=0 skipped=0
	# shellcheck disable=SC2016 # that shell expands it
	kernel_tests run sh -c 'printf "%s\n" "$1"; exit "$2"' sh "$log" "$status" >"$tmp/out"
	same "exit status $status after $log" "$wanted" \
		"$passed $failed $skipped $(sed -n '$s/, [0-9]* s$//p' "$tmp/out")"
}

BUILD=$tmp
counts 1 0 1 '2 of 2 cases passed, exit 0' 0 <<'END'
1..2
ok 1 - one
ok 2 - two # SKIP the archive cannot be reached
END
counts 1 1 0 '1 of 2 cases passed, exit 1' 1 <<'END'
1..2
ok 1 - one
not ok 2 - two
END
counts 1 2 0 '1 of 2 cases passed, exit 0 (exit status 0, but 1 of 2 failed)' 0 <<'END'
1..2
ok 1 - one
not ok 2 - two
END
counts 1 1 0 '1 of 1 cases passed, exit 3 (exit status 3, but all results are good)' 3 <<'END'
1..1
ok 1 - one
END
counts 1 1 0 \
	'1 of 1 cases passed, exit 0 (exit status 0, but the guest planned 2 results, and 1 came)' \
	0 <<'END'
1..2
ok 1 - one
END
counts 1 1 0 \
	'1 of 1 cases passed, exit 0 (exit status 0, but 1 results came without a plan)' 0 \
	<<'END'
ok 1 - one
END
counts 1 1 0 '1 of 1 cases passed, exit 1' 1 <<'END'
ok 1 - one
END
counts 0 1 0 '0 of 0 cases passed, exit 0 (exit status 0, but the guest said nothing)' 0 <<'END'
END
counts 0 1 0 '0 of 0 cases passed, exit 125' 125 <<'END'
END
counts 0 0 2 '2 of 2 cases passed, exit 77' 77 <<'END'
1..2
ok 1 - one # SKIP the archive cannot be reached
ok 2 - two # SKIP the archive cannot be reached
END
not='(exit status 77, but not all results are skipped)'
counts 0 1 0 "0 of 0 cases passed, exit 77 $not" 77 <<'END'
END
counts 0 1 0 "0 of 0 cases passed, exit 77 $not" 77 <<'END'
1..0
END
counts 0 1 1 "1 of 1 cases passed, exit 77 $not" 77 <<'END'
ok 1 - one # SKIP the archive cannot be reached
END
counts 1 1 1 "2 of 2 cases passed, exit 77 $not" 77 <<'END'
1..2
ok 1 - one # SKIP the archive cannot be reached
ok 2 - two
END
counts 0 2 1 "1 of 2 cases passed, exit 77 $not" 77 <<'END'
1..2
ok 1 - one # SKIP the archive cannot be reached
not ok 2 - two
END
# a reason that is not allowed
counts 1 1 3 "4 of 4 cases passed, exit 0 (skipped: another reason; not even this)" 0 <<'END'
1..4
ok 1 - one
ok 2 - two # SKIP not even this
ok 3 - three # SKIP another reason
ok 4 - four # SKIP this kernel takes no rules from 32-bit programs
END
counts 0 1 1 "1 of 1 cases passed, exit 77 (skipped: why)" 77 <<'END'
1..1
ok 1 - one # SKIP why
END
same 'reasons' 'without a reason|the archive|' "$(printf '%s\n' '' 'the archive' \
	'clang-format 19 is here, and only version 14 gives a verdict' 'the archive' |
	skips_forbidden | tr '\n' '|')"
[ "$bad" -eq 0 ]
