# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For the scripts of kernel-tests/distro, in the guest: TAP, the log, the audit log.

# shellcheck disable=SC2034 # the scripts use it
PLAN=/etc/secmark2/plan
AUDIT=/var/log/audit/audit.log
# shellcheck disable=SC2034 # as above
BACKENDS=(nft iptables-nft iptables-legacy iptc)

is() { # SENTENCE HAVE WANT
	local number=$(($(cat number) + 1))
	echo "$number" >number
	if [ "$2" = "$3" ]; then
		echo "ok $number - $1"
		return
	fi
	echo "not ok $number - $1"
	printf '# have: %s\n' "${2//$'\n'/$'\n# '}"
	printf '# want: %s\n' "${3//$'\n'/$'\n# '}"
}

now() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); } # milliseconds

pause=0.05
poll() { # SECONDS COMMAND...: until it is true
	local end=$(($(now) + $1 * 1000))
	shift
	until "$@"; do
		[ "$(now)" -lt "$end" ] || return
		sleep "$pause"
	done
}

code() { # COMMAND...: its exit status
	"$@" >/tmp/said 2>&1 && echo 0 || echo $?
}

says() { # COMMAND...: the last line that it prints, and its exit status
	local status
	status=$(code "$@")
	echo "$(tail -n 1 /tmp/said): $status"
}

intact() { secmarkctl status --json 2>/dev/null | grep -q '"missing": false'; }

# What secmarkctl watch has logged. The processes have no numbers, and no unit: some end so early
# that nobody can tell it.
logged() {
	journalctl -q -t secmarkctl -o cat --no-pager |
		sed -n 's/process [0-9]*\( of [^)]*\)\{0,1\}/process N/; /loaded again/p'
}

logged_since() { logged | tail -n +$(($1 + 1)) | sort -u | paste -sd '|'; }

# Denials that this machine would not have without us: of a packet, or of a program that we run.
# The others are Debian's own.
denials() {
	local ours='secmarkctl|nft|ip6?tables|xtables|modprobe|systemctl'
	grep -E 'type=(AVC|SELINUX_ERR)' "$AUDIT" |
		grep -E "tclass=packet|comm=\"($ours)" | sed 's/^.*avc: *//' || :
}

# Standard input has lines: prints those that are new since the last call with this name.
new_lines() { # NAME
	cat >"/tmp/$1"
	touch "/tmp/$1.old"
	diff "/tmp/$1.old" "/tmp/$1" | sed -n 's/^> //p'
	mv "/tmp/$1" "/tmp/$1.old"
}

no_new_denials() { # SENTENCE: since the last call
	is "$1: nothing is denied" "$(denials | new_lines denials)" ''
}

# What was denied until now was allowed to be.
forget_denials() { denials >/tmp/denials.old; }

# Waits until auditd has written all records until now: it has if it has written this message.
auditd_has_written() {
	local mark=mark$BASHPID-$EPOCHREALTIME
	auditctl -m "$mark"
	poll 20 grep -q "$mark" "$AUDIT"
}

# The denials since the last call, as "DOMAIN TYPE:CLASS PERMISSION", each once. Only those count
# whose record matches. /tmp/new has the records of all.
denied_now() { # REGEX
	auditd_has_written
	grep -E 'type=AVC.*denied' "$AUDIT" | tail -n +$(($(cat denied.seen) + 1)) >/tmp/new
	grep -cE 'type=AVC.*denied' "$AUDIT" >denied.seen
	grep -E "$1" /tmp/new | access_of denied | sort -u | paste -sd ,
}
echo 0 >denied.seen

# Standard input has records: prints what each has denied or granted.
access_of() { # denied|granted
	local type='context=[^:]*:[^:]*:\([^: ]*\)' class='tclass=\([a-z0-9_]*\)'
	sed "s/.*$1  { \(.*\) }.*s$type.*t$type.*$class.*/\2 \3:\4 \1/"
}

types() { stat -c %C "$@" | cut -d : -f 3 | paste -sd ,; } # FILE...

# What another machine says that the guest's server answers it, see kernel-tests/host/distro_peer.
PEER=10.0.2.100
peer() { # http|ssh
	echo "$1" | nc -w 120 $PEER 7
}

apply() { secmarkctl apply --backend "$1" "$PLAN" >/dev/null; }

has_logged() { [ "$(logged | wc -l)" -gt "$1" ]; }

# after SENTENCE WHO COMMAND...: WHO is whom the log names, "nobody", or "anybody"
after() {
	local sentence=$1 who=$2 before start took said
	shift 2
	before=$(logged | wc -l)
	"$@" >/tmp/said 2>&1
	start=$(now)
	poll 30 intact
	took=$(($(now) - start))
	# tests/guest/guest-second.sh judges the time: its clock is no slower than a machine's
	is "$sentence: the rules are there ($took ms later)" "$(code secmarkctl status)" 0
	case $who in
	anybody) return ;;
	nobody) poll 1 false ;;
	*) poll 60 has_logged "$before" ;;
	esac
	# firewalld runs both programs, and either can be the one that is seen
	said=$(logged_since "$before" | sed 's/^ip6tables-resto /iptables-restor /')
	is "$sentence: the log says who it was" "${said:-nobody}" \
		"$who${said:+ removed or changed rules of $PLAN: they are loaded again}"
}

# A new process has lost nothing yet: after eight times it would wait.
rest() { systemctl restart secmark2-watch; }
