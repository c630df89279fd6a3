# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# secmarkctl in its own domain loads policy modules if a boolean is on. Then the domain is removed,
# and loaded again. semodule takes a while in this guest: "distro/run --timeout 3000 --module
# policy/cil/secmark2.cil distro/on-demand/domain-store.sh".
# shellcheck source=kernel-tests/distro/guest/secmarkctl_t.sh
. ./secmarkctl_t.sh

MINE=/etc/secmark2/mine
SCRIPT=/usr/local/bin/report
FILES=("$program" "$(systemctl show -P FragmentPath secmark2)"
	"$(systemctl show -P FragmentPath secmark2-watch)" /etc/secmark2 /var/lib/secmark2)

printf '#!/bin/sh\nexec true\n' >$SCRIPT
chmod 755 $SCRIPT
cat >$MINE <<END
type intranet_packet_t
application report $SCRIPT
client intranet_packet_t tcp 80 allow report unconfined_t
server http_server_packet_t tcp 80
END

poll 60 systemctl is-active -q secmark2-watch
none_denied "the boot"
is "secmarkctl_manage_policy is off" "$(getsebool secmarkctl_manage_policy)" \
	'secmarkctl_manage_policy --> off'
is "the domain loads no module" "$(sysadm secmarkctl policy --load $MINE)" \
	'secmarkctl: cannot make a folder in /tmp: Permission denied: 1'
these_denied "the audit log says so" \
	'secmarkctl_t semanage_store_t search,secmarkctl_t tmp_t search'

setsebool secmarkctl_manage_policy on
is "with the boolean it does" "$(sysadm secmarkctl policy --load $MINE | sed 's/.*: //')" 0
is "the application has its label" "$(types_in $SCRIPT)" report_net_exec_t
none_denied "policy --load"
is "applications finds it" "$(sysadm secmarkctl applications $MINE)" \
	"$(says secmarkctl applications $MINE)"
is "apply loads the plan" "$(sysadm secmarkctl apply --backend nft $MINE)" "$MINE: loaded by nft: 0"
none_denied "a plan with an application"
setsebool secmarkctl_manage_policy off
is "the unit loads such a plan" "$(code systemctl restart secmark2)" 0
poll 60 systemctl is-active -q secmark2-watch
is "status finds it" "$(code secmarkctl status)" 0
nft delete table inet secmark2
poll 30 intact
is "the watch loads it again" "$(code secmarkctl status)" 0
none_denied "a plan with an application, as a unit"
secmarkctl apply --backend nft "$PLAN" >/dev/null
setsebool secmarkctl_manage_policy on
is "the domain removes the module" "$(sysadm secmarkctl policy --unload | sed 's/.*: //')" 0
is "the application has no label of its own" "$(types_in $SCRIPT)" bin_t
none_denied "policy --unload"
setsebool secmarkctl_manage_policy off
is "an administrator loads it, too" "$(code secmarkctl policy --load $MINE)" 0
is "the application has its label, too" "$(types_in $SCRIPT)" report_net_exec_t
is "and removes it" "$(code secmarkctl policy --unload)" 0
none_denied "policy --load as an administrator"

# away with the domain, as the README says
is "semodule gives the module" "$(cd /var/lib/selinux && code semodule -E secmark2)" 0
is "the units stop" "$(code systemctl stop secmark2)" 0
is "semodule removes the module" "$(code semodule -r secmark2)" 0
rm -rf /run/secmark2
restorecon -iRF "${FILES[@]}"
systemctl daemon-reload
is "the files have the labels of others" "$(types_in "${FILES[@]}" /etc/secmark2/plan)" \
	bin_t,etc_t,systemd_unit_t,var_lib_t
is "the units start" "$(code systemctl start secmark2)" 0
poll 60 systemctl is-active -q secmark2-watch
is "the watch runs as other units" "$(domains)" initrc_t
nft delete table inet secmark2
poll 30 intact
is "it loads the rules again" "$(code secmarkctl status)" 0
none_denied "without the module"

is "semodule loads the module again" "$(code semodule -i /var/lib/selinux/secmark2.*)" 0
restorecon -iRF "${FILES[@]}" /run/secmark2
systemctl daemon-reload
is "the files have their labels again" \
	"$(types_in "${FILES[@]}" /etc/secmark2/plan /run/secmark2/*)" \
	secmark2_conf_t,secmark2_runtime_t,secmark2_unit_t,secmark2_var_lib_t,secmarkctl_exec_t
is "the units start again" "$(code systemctl restart secmark2)" 0
poll 60 systemctl is-active -q secmark2-watch
is "the watch runs in the domain again" "$(domains)" secmarkctl_t
none_denied "with the module again"
forget_denials
