# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# secmarkctl in its own domain, from the boot on: "distro/run --module policy/cil/secmark2.cil
# distro/on-demand/domain.sh distro/1-denials.sh".
# shellcheck source=kernel-tests/distro/guest/secmarkctl_t.sh
. ./secmarkctl_t.sh

poll 60 systemctl is-active -q secmark2-watch
is "the boot loads the plan" "$(systemctl is-active secmark2 secmark2-watch | paste -sd ' ')" \
	'active active'
is "the policy is enforced" "$(getenforce)" Enforcing
is "status finds it" "$(code secmarkctl status)" 0
is "the program has its label" "$(types_in "$program")" secmarkctl_exec_t
is "the watch runs in the domain" "$(domains)" secmarkctl_t
# only the domain gives this label to what it makes there
is "so did what loaded the plan" \
	"$(types_in /run/secmark2 /run/secmark2/* /run/secmark2/*/loaded)" \
	secmark2_runtime_t
is "its other files have labels of their own" "$(types_in /etc/secmark2 /etc/secmark2/plan)" \
	secmark2_conf_t
is "the unit file, too" "$(types_in "$(systemctl show -P FragmentPath secmark2)")" secmark2_unit_t
none_denied "the boot"

before=$(logged | wc -l)
nft delete table inet secmark2
poll 30 intact
is "the watch loads the rules again" "$(code secmarkctl status)" 0
poll 60 has_logged "$before"
is "and tells who took them away" "$(logged_since "$before")" "nft (process N) removed or changed \
rules of $PLAN: they are loaded again"
none_denied "the watch"

is "a reload works" "$(code systemctl reload secmark2)" 0
is "a restart works" "$(code systemctl restart secmark2)" 0
poll 60 systemctl is-active -q secmark2-watch
none_denied "a restart"

for backend in "${BACKENDS[@]}"; do
	name=domain-$backend
	is "as a unit, $backend: apply" "$(code systemd-run -q --wait -u "$name" -- \
		"$program" apply --backend "$backend" "$PLAN")" 0
	is "as a unit, $backend: status" "$(code systemd-run -q --wait -u "$name-status" -- \
		"$program" status)" 0
	is "what it keeps for the boot has its label" "$(types_in /var/lib/secmark2/boot.plan)" \
		secmark2_var_lib_t
	none_denied "$backend"
	is "as a unit, $backend: remove" "$(code systemd-run -q --wait -u "$name-remove" -- \
		"$program" remove)" 0
	none_denied "$backend, removed"
done

# what an administrator makes has the same labels, so the domain can use it
is "an administrator applies" "$(says secmarkctl apply --backend iptc "$PLAN")" \
	"$PLAN: loaded by iptc: 0"
is "with the labels of the domain" "$(types_in /run/secmark2 /run/secmark2/*/loaded)" \
	secmark2_runtime_t
iptables-legacy -t security -F
poll 30 intact
is "the watch loads legacy rules again" "$(code secmarkctl status)" 0
none_denied "the watch, with legacy rules"
is "as a unit: remove" "$(code systemd-run -q --wait -u domain-last -- "$program" remove)" 0
none_denied "a removal of what an administrator has applied"

for backend in "${BACKENDS[@]}"; do
	is "sysadm_t, $backend: apply" "$(sysadm secmarkctl apply --backend "$backend" "$PLAN")" \
		"$PLAN: loaded by $backend: 0"
	is "sysadm_t, $backend: the domain has done it" \
		"$(stat -c %C /run/secmark2/*/loaded)" root:object_r:secmark2_runtime_t:s0
	is "sysadm_t, $backend: status" "$(sysadm secmarkctl status | sed 's/.*: //')" 0
	is "sysadm_t, $backend: remove" "$(sysadm secmarkctl remove)" 'removed: 0'
	none_denied "sysadm_t, $backend"
done

# what asks and prints does so as in a shell that is not confined
secmarkctl apply --backend nft "$PLAN" >/dev/null
while read -ra words; do
	is "sysadm_t: ${words[*]}" "$(sysadm secmarkctl "${words[@]}")" \
		"$(says secmarkctl "${words[@]}")"
done <<-END
	check $PLAN
	check --loaded
	gen
	diff $PLAN
	lookup --help
	convert $PLAN
	policy $PLAN
	policy --te $PLAN
	applications $PLAN
	who $PLAN
	who --domain sshd_t
	show --json
	help
END
none_denied "sysadm_t, what prints"
# It does not enter the network namespaces of systemd's services. The plan would cut off sshd.
cut=/etc/secmark2/cut.plan
echo 'server http_server_packet_t tcp 22' >$cut
is "sysadm_t: preflight finds the label of a socket" \
	"$(sysadm secmarkctl preflight $cut | sed 's/.*: //')" 1
is "as a unit, too" "$(code systemd-run -q --wait -u domain-preflight -- \
	"$program" preflight $cut)" 1
none_denied "sockets"

setsebool secmarkctl_read_all_processes off
systemctl restart secmark2-watch
nft delete table inet secmark2
poll 30 intact
is "without secmarkctl_read_all_processes, the watch works" "$(code secmarkctl status)" 0
is "without it, preflight sees no sockets" "$(code systemd-run -q --wait -u domain-blind -- \
	"$program" preflight $cut)" 0
rm $cut

# who reads records needs a boolean
none_denied "before that"
needs='Permission denied (setsebool secmarkctl_read_audit on): 1'
for words in 'explain --boot' 'learn --since boot'; do
	# shellcheck disable=SC2086 # words
	is "sysadm_t: $words says what it needs" "$(sysadm secmarkctl $words)" \
		"secmarkctl: $AUDIT: $needs"
done
these_denied "the audit log says so" 'secmarkctl_t var_log_t search'
is "sysadm_t: so does explain --follow" "$(sysadm secmarkctl explain --follow)" \
	"secmarkctl: no new records can be read: audit: Permission denied; $AUDIT: \
Permission denied; /dev/kmsg: $needs"
these_denied "the audit log says so, too" \
	'secmarkctl_t kmsg_device_t read,secmarkctl_t var_log_t search'
setsebool secmarkctl_read_audit on
for words in 'explain --boot' 'explain --recent' 'learn --since boot'; do
	# shellcheck disable=SC2086 # words
	is "with it, as a unit: $words" "$(code systemd-run -q --wait -u domain-records -- \
		"$program" $words)" 0
done
is "sysadm_t, too" "$(sysadm secmarkctl explain --boot | sed 's/.*: //')" 0
is "with it, who is no administrator is not told of the boolean" \
	"$(code systemd-run -q --wait -u domain-nobody -p User=nobody -- "$program" explain --boot
	journalctl -q --sync; journalctl -q -u domain-nobody -o cat | grep '^secmarkctl:')" \
	"1
secmarkctl: $AUDIT: Permission denied (needs root, or a group that may read it)"
is "with it, as a unit: top" "$(code systemd-run -q --wait -u domain-top -- \
	"$program" top --once --interval 1)" 0
prom=/var/lib/prometheus/node-exporter/secmark2.prom
mkdir -p "${prom%/*}"
restorecon -R /var/lib/prometheus
for time in first second; do
	is "as a unit: metrics --output, the $time time" "$(code systemd-run -q --wait \
		-u "domain-metrics-$time" -- "$program" metrics --output $prom)" 0
	is "its file has a label of its own, the $time time" "$(types_in $prom)" secmark2_var_lib_t
	restorecon $prom
done
chown daemon "${prom%/*}"
is "in a folder of another user: metrics says what to do" \
	"$(code systemd-run -q --wait -u domain-owner -- "$program" metrics --output $prom
	journalctl -q --sync; journalctl -q -u domain-owner -o cat | grep '^secmarkctl:')" \
	"1
secmarkctl: $prom cannot be written: Permission denied (root must own the folder: \
chown root ${prom%/*})"
these_denied "the audit log says so" 'secmarkctl_t secmarkctl_t dac_override'
chown root "${prom%/*}"
is "its file tells of denials" "$(grep -c '^# TYPE secmark2_denials gauge' $prom)" 1
mv "$AUDIT" "$AUDIT.away"
is "without that log, it reads the kernel's" "$(code systemd-run -q --wait -u domain-kernel -- \
	"$program" explain --boot)" 0
mv "$AUDIT.away" "$AUDIT"
systemd-run -q -u domain-follow -- "$program" explain --follow
poll 5 false
is "explain --follow waits" "$(systemctl is-active domain-follow)" active
systemctl stop domain-follow
none_denied "what reads records"
systemctl restart secmark2-watch
poll 5 false
none_denied "with other booleans"

# a running watch has the records still open
setsebool secmarkctl_read_all_processes on
setsebool secmarkctl_read_audit off
for _ in 1 2 3; do
	nft delete table inet secmark2
	poll 30 intact
done
is "with that boolean turned off, the running watch works" "$(code secmarkctl status)" 0
is "it tries once to read audit records" "$(domain_denials | grep -c netlink_audit_socket)" 1
these_denied "and the audit log says so" 'secmarkctl_t secmarkctl_t read'
systemctl restart secmark2-watch

is "the domain reads no plan of a user" "$(cp "$PLAN" /root/plan; code systemd-run -q --wait \
	-u domain-user -- "$program" check /root/plan)" 1
these_denied "the audit log says so" 'secmarkctl_t user_home_t open'
systemctl restart secmark2
forget_denials
