#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What "secmarkctl policy" prints is a module: refpolicy's Makefile builds the .te, .if and .fc, and
# secilc the .cil, with the names that the module needs from a policy declared beside it.
set -eu

plan=$(cd "${srcdir:-.}" && pwd)/golden/ctl/private.plan
policies=$(cd "${srcdir:-.}" && pwd)/policies
PATH=$(cd ../src && pwd):$PATH:/usr/sbin:/sbin
makefile=/usr/share/selinux/devel/Makefile
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

if ! command -v secilc > /dev/null || [ ! -r $makefile ]; then
	echo "secilc or $makefile is missing"
	exit 77
fi

secmarkctl policy --name intranet "$plan" > intranet.cil
for name in squid_t mozilla_t curl_t iptables_t kernel_t unlabeled_t http_client_packet_t; do
	echo "(type $name)"
done > names.cil
for name in proxies domain; do
	echo "(typeattribute $name)"
	echo "(typeattributeset $name (squid_t))"
done >> names.cil
for form in te if fc; do
	secmarkctl policy --$form --name intranet "$plan" > intranet.$form
done
# mls.cil has some of these names, and a small class
sed 's/^(class packet .*/(class packet (send recv relabelto forward_in forward_out))/' \
	"$policies/mls.cil" > base.cil
grep '^(type ' base.cil > has
grep -vxFf has names.cil > rest.cil
secilc -f /dev/null -o policy base.cil rest.cil intranet.cil > log 2>&1 ||
	{ cat log; exit 1; }

cat > asker.te <<-\END
	policy_module(asker, 1.0.0)
	type asker_t;
	intranet_sendrecv_intranet_packets(asker_t)
	intranet_forward_dmz_packets(asker_t)
	intranet_relabelto_idle_packets(asker_t)
END
make -s -f $makefile intranet.pp asker.pp > log 2>&1 || { cat log; exit 1; }
[ -s intranet.pp ] && [ -s asker.pp ]

# both forms of the module grant the same
pp=$(command -v pp || echo /usr/libexec/selinux/hll/pp)
if command -v sesearch > /dev/null && [ -x "$pp" ]; then
	# a policy of modules has these two
	{ echo '(typeattribute cil_gen_require) (roleattribute cil_gen_require)'; "$pp" intranet.pp
	} > te.cil
	secilc -f /dev/null -o te.policy base.cil rest.cil te.cil > log 2>&1 || { cat log; exit 1; }
	for policy in policy te.policy; do
		for kind in --allow --auditallow; do
			sesearch $kind -c packet $policy
		done | sort > $policy.rules
	done
	grep -q 'auditallow domain unlabeled_t:packet' policy.rules
	grep -q 'auditallow unlabeled_t unlabeled_t:packet forward_in' policy.rules
	grep -q 'allow iptables_t intranet_packet_t:packet relabelto' policy.rules
	diff policy.rules te.policy.rules
fi

# secilc builds each type that CIL is said to take, and none of the others
for word in all and not notself or other self xor block optional define if t1 a-b; do
	printf 'type %s\nclient %s tcp 80 allow squid_t\n' $word $word > word.plan
	said=takes
	secmarkctl policy word.plan > word.cil 2> /dev/null || said=refuses
	{ echo '(type squid_t)'; cat word.cil; } > whole.cil
	[ $said = takes ] || printf '(type squid_t)(type %s)(roletype object_r %s)\n' \
		$word $word > whole.cil
	does=takes
	secilc -f /dev/null -o word.policy base.cil whole.cil > log 2>&1 || does=refuses
	# later versions than 3.4 refuse these two
	case $word in notself | other) continue ;; esac
	[ $said = $does ] && continue
	echo "$word: secmarkctl $said it, secilc $does it"
	cat log
	exit 1
done
