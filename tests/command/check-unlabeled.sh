#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# check and apply say if the statement "unlabeled" of a plan is not in force: its module is missing,
# or it is that of an older plan.
set -eu

policies=$(cd "${srcdir:-.}" && pwd)/policies
# shellcheck source=tests/command/verdict.sh
. "$policies/../command/verdict.sh"
PATH=$(cd ../src && pwd):$PATH:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL
command -v secilc > /dev/null || { echo "this needs secilc"; exit 77; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

without=$policies/who.cil
for word in allow audit deny; do
	echo "unlabeled $word" > $word.plan
	secmarkctl policy $word.plan > $word.cil 2> said
	secilc -c 33 -f /dev/null -o $word.pol "$without" $word.cil
done
secilc -c 33 -f /dev/null -o without.pol "$without"

# what apply says of a plan; not what it would load
applies() { # PLAN POLICY
	says secmarkctl apply --dry-run --policy "$2" "$1" | grep -e "^$1" -e '^= '
}

missing='the policy does not let every domain send and receive packets without a label (load the '\
"plan's module: secmarkctl policy --load PLAN)
= 0"
for word in allow audit; do
	is "apply: the module of $word is missing" "$(applies $word.plan without.pol)" \
		"$word.plan:1:1: warning: $missing"
	is "apply: $word after deny" "$(applies $word.plan deny.pol)" \
		"$word.plan:1:1: warning: $missing"
	is "apply: the module of $word is loaded" "$(applies $word.plan $word.pol)" '= 0'
	is "check: the module of $word is loaded" \
		"$(says secmarkctl check --policy $word.pol $word.plan)" \
		"$word.plan: warning: no context in it was checked
$word.plan: plan, 0 contexts, 1 warning
= 0"
	is "apply: deny after $word" "$(applies deny.plan $word.pol)" \
		"deny.plan:1:1: warning: the policy lets every domain send and receive packets \
without a label (load the plan's module: secmarkctl policy --load PLAN)
= 0"
done
is "apply: deny without a module" "$(applies deny.plan without.pol)" '= 0'
is "apply: the module of deny is loaded" "$(applies deny.plan deny.pol)" '= 0'
echo 'type a_packet_t' > none.plan
is "apply: the plan does not say" "$(applies none.plan audit.pol)" \
	"none.plan:1:6: warning: no line uses this type: 'a_packet_t'
= 0"
exit $failed
