# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Who wants no rules gets none: remove, and a stop of the unit, end what watches.
# shellcheck source=kernel-tests/distro/guest/tap.sh
. ./tap.sh

left() {
	{ nft list ruleset; iptables-legacy-save; ip6tables-legacy-save; } 2>/dev/null |
		grep -ci secmark2
}

units() { systemctl is-active secmark2 secmark2-watch | paste -sd ' '; }

for backend in "${BACKENDS[@]}"; do
	systemctl start secmark2
	secmarkctl apply --backend "$backend" "$PLAN" >/dev/null
	secmarkctl remove >/dev/null
	poll 2 false
	is "$backend: a removal stays, while the unit is active" \
		"$(left) $(units)" '0 active active'
	is "$backend: status misses the plan of the unit" \
		"$(code secmarkctl status) $(grep -c 'its plan is not loaded' /tmp/said)" '1 1'
	secmarkctl apply --backend "$backend" "$PLAN" >/dev/null
	systemctl stop secmark2
	poll 2 false
	is "$backend: a stop removes the rules, and ends what watches" "$(left) $(units)" \
		'0 inactive inactive'
	systemd-run -q --wait true
	poll 2 false
	is "$backend: they stay away when another service starts" "$(left) $(units)" \
		'0 inactive inactive'
done
is "a unit that is enabled and stopped is missed" "$(code secmarkctl status)" 1
systemctl disable -q secmark2
is "one that is off is not" "$(code secmarkctl status)" 0
systemctl enable -q secmark2
systemctl start secmark2
is "the unit loads its plan again" "$(code secmarkctl status)" 0
secmarkctl apply --backend nft "$PLAN" >/dev/null
systemctl stop secmark2-watch
nft flush ruleset
is "rules that nobody puts back are missed" "$(code secmarkctl status)" 1
systemctl reload secmark2
is "a reload puts them back" "$(code secmarkctl status)" 0
systemctl start secmark2-watch
