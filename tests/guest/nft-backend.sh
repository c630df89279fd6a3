#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Run by check-nft.sh as root of a network namespace: nft-backend.sh PROGRAM TEXT OTHER-TEXT
backend=$1 one=$2 two=$3
failed=0

# is STATE TEXT WHEN
is() {
	have=$("$backend" loaded "$2")
	if [ "$have" != "$1" ]; then
		echo "# $3: $have, not $1"
		failed=1
	fi
}

# refuses TEXT WHAT-IT-SAYS...
refuses() {
	text=$1
	if said=$("$backend" load "$text" 2>&1); then
		echo "# it loads what is wrong"
		failed=1
	fi
	shift
	for word; do
		case $said in
		*"$word"*) ;;
		*)
			echo "# '$said' does not say '$word'"
			failed=1
			;;
		esac
	done
}

nft 'add table inet other; add chain inet other secmark2; add rule inet other secmark2 counter'
nft list table inet other > "$one.other"
is absent "$one" "before anything is loaded"
"$backend" remove || failed=1
"$backend" load "$one" || failed=1
is same "$one" "after a load"
is other "$two" "another plan"
nft list ruleset > "$one.ruleset"
is same "$one" "asking changes nothing"
nft list ruleset | cmp -s - "$one.ruleset" || { echo "# asking changes the rules"; failed=1; }
"$backend" load "$two" || failed=1
is same "$two" "after another load"
nft list ruleset > "$one.ruleset"

printf 'add table inet secmark2\ndelete table inet secmark2\ntable inet secmark2 {\n\tchain a { nonsense; }\n}\n' > "$one.bad"
refuses "$one.bad" "cannot load" "syntax error" "'chain a { nonsense; }'"
printf 'add table inet secmark2\ndelete table inet secmark2\ntable inet secmark2 {\n\tsecmark x { "a:b:c" }\n}\n' > "$one.bad"
refuses "$one.bad" "cannot load" "Could not process rule" "'secmark x" "kernel's log"
nft list ruleset | cmp -s - "$one.ruleset" || { echo "# a failure changes the rules"; failed=1; }

# what others may do to the table
for edit in 'add rule inet secmark2 input accept' 'insert rule inet secmark2 loaded accept' \
	'delete element inet secmark2 server_ports { 6 . 80 }; add element inet secmark2 server_ports { 6 . 80 : 9 }' \
	'delete element inet secmark2 server_ports { 6 . 443 }' 'add chain inet secmark2 more' \
	'delete chain inet secmark2 loaded' 'flush chain inet secmark2 input'; do
	nft "$edit" || failed=1
	is other "$two" "$edit"
	"$backend" load "$two" || failed=1
	is same "$two" "a load after $edit"
done
nft 'add table inet third'
is same "$two" "others' tables are not looked at"
"$backend" remove || failed=1
"$backend" remove || failed=1
is absent "$two" "after a removal"
nft 'delete table inet third'
nft list ruleset | cmp -s - "$one.other" || { echo "# others' rules are not as they were"; failed=1; }
exit $failed
