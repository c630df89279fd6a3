# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2154 # the other part sets them
# A part of guest-explain.sh: "explain --follow" where audit cannot be asked, so that it reads the
# log of auditd and the kernel's. Without the capability audit_read the kernel refuses, as with a
# policy. Here no auditd writes the log, so its lines are written by hand.
log=/var/log/audit/audit.log

record() { # PORT
	echo "type=AVC msg=audit($(date +%s).100:$1): avc:  denied  { send } for  pid=1" \
		"comm=\"x\" saddr=192.0.2.2 src=5 daddr=192.0.2.3 dest=$1" \
		"scontext=system_u:system_r:other_t:s0" \
		"tcontext=system_u:object_r:web_client_packet_t:s0 tclass=packet permissive=0"
}

told() { # PORT: how many lines tell of a packet to this port
	grep -c "to 192.0.2.3 port $1)" /tmp/followed
}

tells() { # PORT
	told "$1" > /dev/null
}

begin "$lines"
rm -rf "${log%/*}"
mkdir -p "${log%/*}"
"$files/guest-flows" without audit_read secmarkctl explain --follow --plan "$plan" \
	--policy "$policy" > /tmp/followed 2>&1 &
follower=$!
serves server web_server_t
asked() {
	asks client other_t > /tmp/nothing
	tells "$port"
}
poll asked || true
is "without audit, --follow reads the kernel's log" \
	"$(sed 's/^[^ ]* [^ ]* UTC //; s/ (.*//; q' /tmp/followed)" \
	"denied: other_t sends a packet with the label web_client_packet_t"
record 11 > $log
poll tells 11 || true
is "a log of auditd that begins later is read from its beginning" "$(told 11)" 1
mv $log $log.1
record 12 >> $log.1
record 13 > $log
poll tells 13 || true
is "a log that auditd rotates is read to its end, and then the new one" \
	"$(told 11) $(told 12) $(told 13)" "1 1 1"
is "and nothing is missing" "$(grep -c missing /tmp/followed)" 0
: > $log
{
	# auditd gets it later
	dmesg | grep "avc:  denied .* dest=$port " | tail -n 1 |
		sed 's/.*audit: type=1400 /type=AVC msg=/'
	record 14
} > /tmp/late
before=$(told "$port")
cat /tmp/late >> $log
poll tells 14 || true
is "what the kernel's log had counts once" "$(told "$port")" "$before"
is "a log that was emptied is read from its beginning" "$(told 14)" 1
poll grep -q missing /tmp/followed || true
is "and a warning says that records may be missing" "$(grep missing /tmp/followed)" \
	"secmarkctl: warning: records are missing here"
kill $follower
wait $follower 2> /dev/null || true

# Who may read audit.log need not be one who may read the kernel's.
restrict=/proc/sys/kernel/dmesg_restrict
before=$(cat $restrict)
echo 1 > $restrict
# either capability would do
blind() {
	"$files/guest-flows" without syslog "$files/guest-flows" without sys_admin "$@"
}
missing="records that auditd did not write are missing: /dev/kmsg: Operation not permitted"
record 15 > $log
blind secmarkctl explain --recent --plan "$plan" \
	--policy "$policy" > /tmp/explained 2> /tmp/why && status=0 || status=$?
is "explain says that it cannot read the kernel's log" \
	"$status $(grep -c 'to 192.0.2.3 port 15$' /tmp/explained) $(cat /tmp/why)" \
	"0 1 secmarkctl: warning: $missing"
blind secmarkctl learn --since boot > /tmp/learned 2> /tmp/why &&
	status=0 || status=$?
is "so does learn" "$status $(grep kmsg /tmp/why)" "0 secmarkctl: warning: $missing"
blind secmarkctl metrics > /tmp/metrics 2> /tmp/why &&
	status=0 || status=$?
is "so does metrics, and it fails" "$status $(grep kmsg /tmp/why)" \
	"1 secmarkctl: some denials are left out: $missing"
echo "$before" > $restrict
rm -r "${log%/*}"
