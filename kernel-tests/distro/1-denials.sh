# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Nothing is denied in a whole boot, nor when somebody applies, looks and removes: by each backend,
# as an administrator (unconfined_t) and as a unit (initrc_t), without xt_secmark2 and with it.
# shellcheck source=kernel-tests/distro/guest/tap.sh
. ./tap.sh

poll 60 systemctl is-active -q secmark2-watch
is "the boot loads the plan" "$(systemctl is-active secmark2 secmark2-watch | paste -sd ' ')" \
	'active active'
is "status finds it" "$(code secmarkctl status)" 0
is "the policy is enforced" "$(getenforce)" Enforcing
is "nginx answers" "$(code curl -sf -m 10 -o /dev/null http://127.0.0.1/)" 0
is "sshd answers" "$(nc -w 5 127.0.0.1 22 </dev/null | head -c 4)" SSH-
no_new_denials "a whole boot"

# What it prints goes to the journal: a unit may not use a pipe of ours.
unit() {
	local status=0 name
	name=tests-$(($(now) % 1000000))
	systemd-run -q --wait -u "$name" -- "$@" 2>/dev/null || status=$?
	# Journald may read the lines, and the name of a process, after its end: wait for what was
	# written, and ask for the identifier, which systemd gives with the stream.
	journalctl --sync
	journalctl -q -u "$name" -t secmarkctl -o cat --no-pager
	return $status
}

nobody_is_denied() { # WITH BACKEND...
	local with=$1 as backend what
	shift
	for as in '' unit; do
		for backend; do
			what="${as:-administrator}, $backend$with"
			secmarkctl remove >/dev/null
			is "$what: apply" \
				"$(says $as secmarkctl apply --backend "$backend" "$PLAN")" \
				"$PLAN: loaded by $backend: 0"
			is "$what: status" "$(code $as secmarkctl status)" 0
			is "$what: remove" "$(says $as secmarkctl remove)" 'removed: 0'
			no_new_denials "$what"
		done
	done
}

nobody_is_denied '' "${BACKENDS[@]}"
# the domain of insmod may not print to our files
module=/lib/modules/$(uname -r)/secmark2/xt_secmark2.ko
is "xt_secmark2 is loaded" "$(code insmod "$module")" 0
nobody_is_denied ', with xt_secmark2' iptables-legacy iptables-nft iptc
secmarkctl apply --backend iptables-legacy "$PLAN" >/dev/null
used() { iptables-legacy -t security -S | grep -q 'SECMARK2.* --save'; }
is "apply has used it" "$(code used)" 0
secmarkctl remove >/dev/null
is "xt_secmark2 is not loaded" "$(code rmmod xt_secmark2)" 0
