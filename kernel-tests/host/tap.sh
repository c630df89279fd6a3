# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The guest's TAP goes through to stdout and is counted on the way; the verdict comes from the
# counts.

tap_start() { # before results that have nothing to do with the last ones
	TAP_PLAN=
	TAP_OK=0
	TAP_BAD=0
	TAP_SKIP=0
	TAP_SKIP_REASONS=
	TAP_BAIL=
}
tap_start

tap_line() { # LINE
	case $1 in
	1..*)
		TAP_PLAN=${1#1..}
		TAP_PLAN=${TAP_PLAN%% *}
		;;
	ok\ *' # SKIP '*)
		TAP_SKIP=$((TAP_SKIP + 1))
		# shellcheck disable=SC2034 # read by run
		TAP_SKIP_REASONS+=${1##* # SKIP }$'\n'
		;;
	ok\ *) TAP_OK=$((TAP_OK + 1)) ;;
	not\ ok\ *) TAP_BAD=$((TAP_BAD + 1)) ;;
	'Bail out!'*) TAP_BAIL=${1#Bail out! } ;;
	esac
}

tap_read() { # from stdin
	local line
	while IFS= read -r line; do
		line=${line%$'\r'}
		printf '%s\n' "$line"
		tap_line "$line"
		if [ -t 2 ] && [ ! -t 1 ]; then
			printf '\r# %s of %s' $((TAP_OK + TAP_BAD + TAP_SKIP)) "${TAP_PLAN:-?}" >&2
		fi
	done
}

# The same for a script, up to the line that ends it, which sets SCRIPT_STATUS.
tap_read_script() {
	local line
	SCRIPT_STATUS=
	while IFS= read -r line; do
		line=${line%$'\r'}
		case $line in
		'exit '*) SCRIPT_STATUS=${line#exit } ;;
		'Bail out!'*) tap_line "$line" ;;
		*)
			printf '%s\n' "$line"
			tap_line "$line"
			;;
		esac
	done
}

# Counts only.
tap_count() { # from stdin
	local line
	while IFS= read -r line; do
		tap_line "$line"
	done
}

# Prints the reasons for a failure, one a line; nothing when all is well.
# shellcheck disable=SC2120 # other files pass it
tap_reasons() { # [NUMBER of cases that the case files have]
	local seen=$((TAP_OK + TAP_BAD + TAP_SKIP))
	if [ -n "$TAP_BAIL" ]; then
		echo "the guest gave up: $TAP_BAIL"
	elif [ -z "$TAP_PLAN" ] && [ "$seen" -gt 0 ]; then
		echo "$seen results came without a plan"
	elif [ -z "$TAP_PLAN" ]; then
		echo "the guest said nothing"
	elif [[ ! $TAP_PLAN =~ ^[0-9]{1,9}$ ]]; then
		echo "the guest planned '$TAP_PLAN' results"
	elif [ $# -gt 0 ] && [ "$TAP_PLAN" -ne "$1" ]; then
		echo "the case files have $1 cases, and the guest planned $TAP_PLAN"
	elif [ "$seen" -ne "$TAP_PLAN" ]; then
		echo "the guest planned $TAP_PLAN results, and $seen came"
	elif [ "$TAP_BAD" -gt 0 ]; then
		echo "$TAP_BAD of $TAP_PLAN failed"
	elif [ "$TAP_OK" -eq 0 ]; then
		echo "nothing ran: $TAP_SKIP skipped"
	fi
}

# Prints how these results and the exit status of what printed them disagree; nothing if they agree.
tap_disagrees() { # STATUS
	local reason
	# shellcheck disable=SC2119
	reason=$(tap_reasons)
	if [ "$1" -eq 0 ] && [ -n "$reason" ]; then
		echo "exit status 0, but $reason"
	elif [ "$1" -ne 0 ] && [ -z "$reason" ]; then
		echo "exit status $1, but all results are good"
	fi
}

# The same for a script. If it need not print TAP, it may print something else.
tap_script_disagrees() { # [--tap]
	if [ $# -gt 0 ] || [ "$TAP_PLAN-$TAP_OK-$TAP_BAD-$TAP_SKIP" != -0-0-0 ]; then
		tap_disagrees "$SCRIPT_STATUS"
	fi
}

# Prints what a broken kernel says on its console, even if all cases pass.
console_reasons() { # FILE
	local broken='Kernel panic|Oops|BUG:|kernel BUG|WARNING: |cut here|INFO: (task|rcu)'
	broken+='|general protection|UBSAN'
	sed -nE "/$broken/"'{
		s/\r$//
		s/^/the console shows: /p
	}' "$1" | head -n 3
}
