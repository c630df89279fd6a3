# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For the scripts about secmarkctl in its own domain.
# shellcheck source=kernel-tests/distro/guest/tap.sh
. ./tap.sh

# shellcheck disable=SC2034 # the scripts use it
program=$(command -v secmarkctl)

# The types of files, each once.
types_in() { stat -c %C "$@" 2>&1 | cut -d : -f 3 | sort -u | paste -sd ,; } # FILE...

# The domains of all that run.
domains() { ps -C secmarkctl -o label= | cut -d : -f 3 | sort -u | paste -sd ,; }

# Those of the domain, about its files, and of iptables, which it starts. libsemanage 3.8 relabels
# its store, which semanage_t of Debian 13 may not do: that is none of ours.
domain_denials() {
	auditd_has_written
	grep -E 'type=(AVC|USER_AVC|SELINUX_ERR)' "$AUDIT" |
		grep -E 'context=[^ ]*:secmark|comm="secmarkctl"|scontext=[^ ]*:iptables_t:' |
		sed 's/^.*avc: *//' || :
}
none_denied() { # SENTENCE: since the last call
	is "$1: nothing is denied" "$(domain_denials | new_lines domain)" ''
}

# As none_denied, but these are, each once: DOMAIN TYPE PERMISSION
these_denied() { # SENTENCE LIST
	local context='context=[^:]*:[^:]*:\([^: ]*\):'
	is "$1" "$(domain_denials | new_lines domain |
		sed -n "s/^.*{ \(.*\) }.* s$context.* t$context.*/\2 \3 \1/p" |
		sort -u | paste -sd ,)" "$2"
}

# An administrator of refpolicy. Here nobody logs in as one, and no shell may become one: so it does
# while nothing is enforced. Its files are its own: the domain may not use those of unconfined_t.
sysadm() { # COMMAND...: the last line that it prints, and its exit status
	local pid status=0
	rm -f /tmp/ready
	setenforce 0
	# shellcheck disable=SC2016 # the inner shell expands it
	runcon root:sysadm_r:sysadm_t:s0-s0:c0.c1023 bash -c \
		'exec </dev/null >/tmp/said 2>&1
		: >/tmp/ready
		until [ "$(getenforce)" = Enforcing ]; do :; done; "$@"' sysadm "$@" &
	pid=$!
	poll 30 test -e /tmp/ready
	setenforce 1
	wait "$pid" || status=$?
	echo "$(tail -n 1 /tmp/said): $status"
}
