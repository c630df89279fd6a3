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
for name in squid_t mozilla_t curl_t kernel_t unlabeled_t http_client_packet_t; do
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
