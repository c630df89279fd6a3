# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A plan with a type of its own, from its policy module to the packet, with the tools of a whole
# Debian. semodule takes minutes in this guest: "distro/run distro/on-demand/policy.sh".
# shellcheck source=kernel-tests/distro/guest/tap.sh
. ./tap.sh

MINE=/etc/secmark2/mine

plan_for() { # CLAUSE...: the plan lets these domains reach nginx
	printf '%s\n' 'type intranet_packet_t' 'server http_server_packet_t tcp 80' \
		"client intranet_packet_t tcp 80 $*" >$MINE
}

# What the web server says, or curl's exit status.
fetch() { curl -sf -m 5 -o /dev/null -w '%{http_code}' http://127.0.0.1/ || echo " $?"; }

# The denials of the type, each once.
denied() {
	grep 'tclass=packet' "$AUDIT" | grep intranet_packet_t |
		sed 's/.*denied  { \([a-z]*\) }.*scontext=[^:]*:[^:]*:\([a-z_]*\):.*/\2 \1/' |
		sort -u | paste -sd ,
}

systemctl stop secmark2
secmarkctl remove >/dev/null
plan_for
code secmarkctl apply --backend nft $MINE >/dev/null
is "without its module, the plan is not loaded" "$(secmarkctl show 2>&1 | head -n 1)" \
	'secmarkctl: no plan is loaded in this network namespace'

is "policy --load warns that nobody may use the type" \
	"$(secmarkctl policy --load $MINE 2>&1 >/tmp/loaded | sed '/^libsemanage/d; s/ (.*//')" \
	"$MINE:1:6: warning: no domain may use this type: 'intranet_packet_t'"
is "and loads the module" "$(cat /tmp/loaded)" 'secmark2_plan: loaded'
is "semodule lists it" "$(semodule -lfull | grep secmark2_plan | tr -s ' ')" \
	'300 secmark2_plan cil '
is "apply loads the plan" "$(says secmarkctl apply --backend nft $MINE)" "$MINE: loaded by nft: 0"
# the kernel drops its SYN with ECONNREFUSED
is "not even an unconfined shell reaches the web server" "$(fetch)" '000 7'
is "the audit log says so" "$(denied)" 'unconfined_t send'

plan_for allow unconfined_t
is "the module with a domain replaces the other one" \
	"$(says secmarkctl policy --load $MINE)" 'secmark2_plan: loaded: 0'
is "now the shell reaches it" "$(fetch)" 200
is "and nothing else was denied" "$(denied)" 'unconfined_t send'

# the next boot, and the service below, load the first plan again
secmarkctl apply --backend nft "$PLAN" >/dev/null
is "policy --unload removes the module" "$(says secmarkctl policy --unload)" \
	'secmark2_plan: unloaded: 0'
is "nothing is left of it" "$(semodule -lfull | grep -c secmark2_plan)" 0
is "a second --unload has nothing to remove" "$(says secmarkctl policy --unload)" \
	"secmarkctl: the policy has no module secmark2_plan of secmarkctl (semodule -lfull lists \
all modules): 1"
is "a module of Debian is not replaced" "$(says secmarkctl policy --load --name ssh $MINE)" \
	"secmarkctl: this module would replace the policy's own module ssh (give it another name \
with --name): 1"
systemctl start secmark2
