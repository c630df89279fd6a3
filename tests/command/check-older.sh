#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A policy that has the plan's module already, from an older plan, and the module of another plan:
# the new module is the same as without the older one.
set -eu

policies=$(cd "${srcdir:-.}" && pwd)/policies
# shellcheck source=tests/command/verdict.sh
. "$policies/../command/verdict.sh"
PATH=$(cd ../src && pwd):$PATH:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL
semodule=$(command -v semodule) || { echo "this needs semodule"; exit 77; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

cp "$policies/application.cil" base.cil
# policy_with NAME MODULE.cil...: makes NAME.pol of the base and these
policy_with() {
	name=$1
	shift
	secilc -c 33 -o "$name.pol" -f /dev/null base.cil "$@"
}
policy_with base
mkdir older
# plan NAME DOMAINS [LINE...]: who may use the label of the plan
plan() {
	name=$1 domains=$2
	shift 2
	{
		printf 'type proxy_packet_t\napplication browser /usr/bin/browser\n'
		echo "client proxy_packet_t tcp 3128 allow $domains"
		[ $# -eq 0 ] || printf '%s\n' "$@"
	} > "$name.plan"
}
# same SENTENCE: has web.plan the same module with that of older/web.plan in the policy?
same() {
	secmarkctl policy --policy base.pol older/web.plan > older.cil
	policy_with older older.cil
	secmarkctl policy --policy base.pol web.plan > want.cil
	secmarkctl policy --policy older.pol web.plan > have.cil
	is "$1" "$(diff want.cil have.cil)" ''
}
plan web browser
plan older/web 'browser @unconfined_domain_type'
same "an attribute that may use the label no more"
grep -q '(typeattributeset unconfined_domain_type (browser_net_t))' have.cil ||
	is "the domain has the attribute" no yes
plan older/web 'browser @memory_raw_read'
same "an attribute of assertions that may use it no more"
cp older/web.plan web.plan
plan older/web browser
same "one that may use it now"

# another plan lets all unconfined domains use its label, so the application is none of them
mkdir other
{
	printf 'type second_packet_t\napplication other /usr/bin/other\n'
	echo 'client second_packet_t tcp 80 allow @unconfined_domain_type'
} > other/web.plan
plan web browser
secmarkctl policy --policy base.pol --name second other/web.plan > second.cil
policy_with second second.cil
secmarkctl policy --policy second.pol web.plan > web.cil
is "the domain lacks the attribute of unconfined ones" \
	"$(grep -c 'typeattributeset unconfined_domain_type (browser' web.cil)" 0
policy_with both second.cil web.cil
is "but is known for an application of ours" "$(says secmarkctl check --policy both.pol web.plan)" \
	'web.plan: plan, 1 context, valid in both.pol
= 0'
is "also by apply" "$(secmarkctl apply --dry-run --policy both.pol web.plan 2>&1 > rules)" ''
is "and by policy" "$(secmarkctl policy --policy both.pol web.plan | diff web.cil -)" ''

# the store says what the old module alone has: a label of the policy, and an application
mkdir -p bin root/etc/selinux/default root/var/lib/selinux
echo 'policy-version = 33' > root/etc/selinux/semanage.conf
printf '#!/bin/sh\nexec %s -p %s -s default -n -N "$@"\n' "$semodule" "$tmp/root" > bin/semodule
chmod +x bin/semodule
PATH=$tmp/bin:$PATH
semodule -X 100 -i base.cil
# loaded POLICY PLAN: what --load makes of it
loaded() {
	secmarkctl policy --load --policy "$1" "$2" > said 2>&1 || { cat said; return; }
	rm -f secmark2_plan.cil
	semodule -X 300 -c -E secmark2_plan > said
	cat secmark2_plan.cil
}
plan web browser
plan older/web browser 'application tool /usr/bin/tool' \
	'client http_packet_t tcp 80 allow @unconfined_domain_type tool'
secmarkctl policy --policy base.pol older/web.plan > older.cil
policy_with older older.cil
is "without the store, nobody can tell" \
	"$(secmarkctl policy --policy older.pol web.plan | grep -c tool_net_t)" 10
secmarkctl policy --policy base.pol web.plan > want.cil
loaded base.pol older/web.plan > before.cil
loaded older.pol web.plan > have.cil
is "the store tells" "$(diff want.cil have.cil)" ''
# a module of somebody else has the rule, too: it stays
echo '(allow unconfined_domain_type http_packet_t (packet (send recv)))' > website.cil
semodule -X 400 -i website.cil
policy_with website website.cil
policy_with older older.cil website.cil
secmarkctl policy --policy website.pol web.plan > want.cil
loaded website.pol older/web.plan > before.cil
loaded older.pol web.plan > have.cil
is "a rule that another module has counts" "$(diff want.cil have.cil)" ''
! grep -q 'typeattributeset unconfined_domain_type' have.cil ||
	is "the domain lacks the attribute" no yes

# "unlabeled deny" after "unlabeled audit": the new module ends what the old one grants
semodule -X 400 -r website > said 2>&1
echo 'unlabeled audit' > older/web.plan
echo 'unlabeled deny' > web.plan
secmarkctl policy older/web.plan > older.cil
policy_with older older.cil
stays() { # RULE DOMAIN...: the warning of it
	rule=$1
	shift
	[ $# -eq 1 ] && domains="1 domain" || domains="$# domains"
	echo "web.plan:1:1: warning: \"$rule\" still lets $domains use packets without a label: $*"
}
rest=$(stays 'allow unconfined_t unlabeled_t:packet { recv relabelto send };' unconfined_t)
all=$(stays 'allow domain unlabeled_t:packet { recv send };' \
	crond_t daemon_t dpkg_t init_t initrc_t unconfined_t user_t)
is "check tells how to end it" \
	"$(secmarkctl check --policy older.pol web.plan 2>&1 | grep 'still lets')" \
	"$all (if it is of an older module of the plan, load it again: secmarkctl policy --load \
PLAN)
$rest"
loaded base.pol older/web.plan > before.cil
secmarkctl policy --load --policy older.pol web.plan > said 2>&1
is "--load tells what stays" "$(grep 'still lets' said)" "$rest"
echo '(allow domain unlabeled_t (packet (send recv)))' > website.cil
semodule -X 400 -i website.cil
loaded base.pol older/web.plan > before.cil
secmarkctl policy --load --policy older.pol web.plan > said 2>&1
is "and what a module of somebody else grants" "$(grep 'still lets' said)" "$all
$rest"
echo 'client unlabeled_t tcp 80 allow @domain' >> web.plan
semodule -X 400 -r website > said 2>&1
loaded base.pol older/web.plan > before.cil
secmarkctl policy --load --policy older.pol web.plan > said 2>&1
is "and what the new module grants itself" "$(grep 'still lets' said)" "$all
$rest"
exit $failed
