#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Runs in the guest of kernel-tests (tests/guest/kill): kills secmarkctl, or a program that it runs,
# at one system call after the other, and looks what is loaded then. files/conf sets every, offset,
# calls, backends. Prints TAP.
set -eu

files=/etc/secmark2/files
every=1 offset=1 calls='' backends=''
# shellcheck disable=SC1091 # tests/guest/kill writes it
. $files/conf
# shellcheck source=tests/guest/guest-tap.sh
. $files/guest-tap.sh
now=$(mktemp -d) want=$(mktemp -d)

say() { printf '%s\n' "$*"; }

plans
echo 'client web_client_packet_t tcp 443' >> /tmp/m

# In tables that our rules go to, and in chains that they do not: what was counted there must stay.
others() { # BACKEND
	case $1 in
	nft)
		nft 'add table inet other; add chain inet other c;' \
			'add rule inet other c counter packets 5 bytes 300'
		return
		;;
	iptables-nft) restore=-nft-restore ;;
	*) restore=-legacy-restore ;;
	esac
	for family in iptables ip6tables; do
		$family$restore -c <<-END
			*security
			:OTHER - [0:0]
			[5:300] -A FORWARD -p udp -j OTHER
			[7:700] -A OTHER -p udp -m udp --dport 9 -j ACCEPT
			COMMIT
			*mangle
			[6:600] -A POSTROUTING -p sctp -j ACCEPT
			COMMIT
		END
	done
}

# Our rules without their counters, one file for each table, because a table changes at once; and
# all the rest with its counters.
split() { # FOLDER FAMILY
	awk -v out="$1/$2" '
		/^#/ { next }
		/^\*/ { table = substr($1, 2); printf "" > (out "-" table) }
		/^:SECMARK2-/ { print $1 > (out "-" table); next }
		/ -A SECMARK2-| -[jg] SECMARK2-/ {
			sub(/^\[[0-9:]*\] /, "")
			print > (out "-" table)
			next
		}
		{ print > (out "-others") }'
}

# Rules of iptables-nft are replaced at once, and what is left over goes in a second transaction:
# until then chains of ours without rules do nothing, and neither do jumps to them.
without_rests() {
	awk '
		/^\*/ { table = $1 }
		{ line[++n] = $0; of[n] = table }
		match($0, /-A SECMARK2-[^ ]*/) {
			used[table, substr($0, RSTART + 3, RLENGTH - 3)] = 1
		}
		END {
			for (i = 1; i <= n; i++) {
				name = ""
				if (match(line[i], /^:SECMARK2-[^ ]*/))
					name = substr(line[i], 2, RLENGTH - 1)
				else if (line[i] !~ /-A SECMARK2-/ &&
				    match(line[i], /-j SECMARK2-[^ ]*$/))
					name = substr(line[i], RSTART + 3, RLENGTH - 3)
				if (name == "" || used[of[i], name])
					print line[i]
			}
		}'
}

look() { # BACKEND FOLDER
	rm -f "$2"/*
	case $1 in
	nft)
		# the seal is of a second transaction: it knows the rules again
		nft list ruleset | awk -v out="$2/nft" '
			BEGIN { printf "" > (out "-table") }
			/^table/ { file = /^table inet secmark2 / ? "table" : "others" }
			/^\tchain loaded / { skip = 1 }
			!skip && NF { print > (out "-" file) }
			/^\t}/ { skip = 0 }'
		return
		;;
	iptables-nft) variant=nft filter=without_rests ;;
	*) variant=legacy filter=cat ;;
	esac
	iptables-$variant-save -c 2> /dev/null | $filter | split "$2" 4
	ip6tables-$variant-save -c 2> /dev/null | $filter | split "$2" 6
}

load() { # BACKEND STATE: words of the command
	if [ "$2" = none ]; then say remove; else say "apply --backend $1 /tmp/$2"; fi
}

# What each table should have in each state.
references() { # BACKEND STATE...
	references_of=$1
	shift
	for state; do
		# shellcheck disable=SC2046 # words
		secmarkctl $(load "$references_of" "$state") > /tmp/said 2>&1 || {
			fail "$references_of: $(cat /tmp/said)"
			return
		}
		mkdir -p "$want/$state"
		look "$references_of" "$want/$state"
	done
}

fail() {
	wrong=$((wrong + 1))
	say "# $*"
}

# Of each table "old" or "new" ("same" where they do not differ): sets saw to old, new or mixed.
judge() { # OLD NEW
	old=0 new=0
	for file in "$now"/*; do
		name=${file##*/}
		is_old=$(same "$file" "$want/$1/$name" && echo y || echo n)
		is_new=$(same "$file" "$want/$2/$name" && echo y || echo n)
		case $is_old$is_new in
		yn) old=$((old + 1)) ;;
		ny) new=$((new + 1)) ;;
		nn)
			fail "$how: $name is neither as before nor as it shall be"
			diff "$want/$2/$name" "$file" | head -n 9 | sed 's/^/#   /'
			;;
		esac
	done
	for file in "$want/$2"/*; do
		[ -e "$now/${file##*/}" ] || fail "$how: ${file##*/} is not there"
	done
	case $((old > 0))$((new > 0)) in
	10) saw=old ;;
	11) saw=mixed ;;
	*) saw=new ;;
	esac
}

# As the file is, or without what was counted if that was lost.
same() { # FILE FILE
	[ -n "$lost" ] || { cmp -s "$1" "$2"; return; }
	sed 's/\[[0-9:]*\]//' "$1" > /tmp/one
	sed 's/\[[0-9:]*\]//' "$2" | cmp -s - /tmp/one
}

count_again() { # BACKEND STATE
	secmarkctl remove > /dev/null
	clear_others
	others "$1"
	# shellcheck disable=SC2046 # words
	secmarkctl $(load "$1" "$2") > /dev/null
	n_lost=$((n_lost + 1))
}

# The next run makes it good.
recover() { # BACKEND OLD NEW
	begun=$(ls /run/secmark2/*/begun 2>/dev/null || :)
	# shellcheck disable=SC2046 # words
	secmarkctl $(load "$1" "$3") > /tmp/said 2> /tmp/complained ||
		fail "$how: the next run: $(cat /tmp/complained)"
	if [ -n "$begun" ]; then
		grep -q 'an earlier run was interrupted' /tmp/complained ||
			fail "$how: nobody says that it was interrupted"
	elif [ -s /tmp/complained ]; then
		fail "$how: the next run says: $(cat /tmp/complained)"
	fi
	look "$1" "$now"
	for file in "$want/$3"/*; do
		same "$now/${file##*/}" "$file" || {
			fail "$how: the next run leaves"
			diff "$file" "$now" | head -n 9 | sed 's/^/#   /'
		}
	done
	if [ "$3" = none ] && [ -e /run/secmark2 ]; then
		fail "$how: after a removal there is $(find /run/secmark2 | tail -n 1)"
	fi
}

# One step from a state to the next, killed at a call. Sets over to yes if it ends before that call.
step() { # BACKEND MODE NUMBER OLD NEW
	status=0
	# shellcheck disable=SC2046,SC2086 # words
	$files/kill-at $calls "$2" "$3" secmarkctl $(load "$1" "$5") \
		> /tmp/said 2> /tmp/killed || status=$?
	how="$1, $4 to $5, $2 killed at $3$(sed -n 's/killed at [0-9]*//p' /tmp/killed)"
	over=no
	if ! grep -q '^killed at' /tmp/killed; then
		over=yes
		[ $status -eq 0 ] || fail "$how: it failed: $(cat /tmp/killed)"
		return
	fi
	tried=$((tried + 1))
	look "$1" "$now"
	# The kernel takes the rules of a legacy table in one call, and the counters of others'
	# rules in a second one, IPT_SO_SET_ADD_COUNTERS. Before the second call the counters are
	# lost.
	case $how in *' before 54('*', 65)') lost=yes ;; *) lost= ;; esac
	judge "$4" "$5"
	# who was not killed itself knows how it ended
	case $status-$saw in
	137-* | 0-new | 1-old) ;;
	*) fail "$how: exit status $status, and the rules are $saw: $(cat /tmp/killed)" ;;
	esac
	case $saw in
	old) n_old=$((n_old + 1)) ;;
	new) n_new=$((n_new + 1)) ;;
	mixed) n_mixed=$((n_mixed + 1)) ;;
	esac
	recover "$1" "$4" "$5"
	[ -z "$lost" ] || count_again "$1" "$5"
}

# Round after round through all states, each round with the next call, until every step ends before
# that call.
rounds() { # BACKEND MODE STATE...
	backend=$1 mode=$2 number=$offset all=no
	shift 2
	while [ $all = no ]; do
		all=yes from=none
		for to; do
			step "$backend" "$mode" "$number" "$from" "$to"
			[ $over = yes ] || all=no
			from=$to
		done
		number=$((number + every))
	done
}

try() { # NAME BACKEND STATE...
	title=$1 backend=$2 tried=0 wrong=0 n_old=0 n_new=0 n_mixed=0 n_lost=0 lost=
	shift 2
	others "$backend"
	references "$backend" "$@"
	rounds "$backend" one "$@"
	# alone but for those that it asks, it is all that there is
	case $backend in iptables-*) rounds "$backend" all "$@" ;; esac
	clear_others
	tests=$((tests + 1))
	[ $tried -gt 0 ] || fail "nothing was tried"
	say "# $title: $tried kills; then the rules were $n_old times old, $n_new new," \
		"$n_mixed of one table old, of another new"
	[ $n_lost -eq 0 ] ||
		say "# $title: $n_lost times before the kernel was given the counters of others"
	[ $wrong -eq 0 ] || printf 'not '
	say "ok $tests - $title: killed anywhere"
}

# not to be loaded by who asks for it
find /lib/modules -name xt_secmark2.ko -exec mv {} {}.hidden \;
for backend in $backends; do
	try "$backend" "$backend" a b m none
done
find /lib/modules -name xt_secmark2.ko.hidden | while read -r file; do
	mv "$file" "${file%.hidden}"
done
if modprobe xt_secmark2 2> /dev/null; then
	try "${backends##* } with the module" "${backends##* }" a m none
fi
say "1..$tests"
