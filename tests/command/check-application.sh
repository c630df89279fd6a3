#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The domain of an application may do what unconfined_t may, and no more, but for what is in
# golden/application.txt: libsepol decides for both, with each type and class of a policy whose
# assertions the module has passed. refpolicy's Makefile builds the module, too. With
# APPLIED_POLICY=FILE, which has the module of kernel-tests/debian/application.plan, the same goes
# for Debian's policy, but for packets, entry points, what a process can only do to itself, who may
# start it, and who makes sockets with its label.
set -euo pipefail

here=$(cd "${srcdir:-.}" && pwd)
build=$(pwd)
PATH=$(cd ../src && pwd):$PATH:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# differ POLICY USER:ROLE RANGE DOMAIN
differ() {
	"$build/compare_domains" "$1" "$2:unconfined_t:$3" "$2:$4:$3" ||
		{ echo "compare_domains $*: $?"; exit 1; }
}

for domain in browser_net_t tool_net_t; do
	echo "$domain"
	differ applied.pol system_u:unconfined_r s0-s0:c0 $domain
done > "$tmp/differ"
diff -u "$here/golden/application.txt" "$tmp/differ"

pp=$(command -v pp || echo /usr/libexec/selinux/hll/pp)
makefile=/usr/share/selinux/devel/Makefile
plan=$here/golden/ctl/application.plan
for form in te if fc; do
	secmarkctl policy --policy application.pol --$form --name both "$plan" > "$tmp/both.$form"
done
if [ -r $makefile ]; then
	(cd "$tmp" && make -s -f $makefile both.pp > log 2>&1) || { cat "$tmp/log"; exit 1; }
	[ -s "$tmp/both.pp" ]
fi

# words of m4 and of refpolicy stay what they are in paths, and in names of files of the policy
cat > "$tmp/words.plan" << END
application words /usr/bin/dnl /opt/divert/p /opt/can_exec/s /usr/lib/g++-1.2/len
END
sed 's/"core"/"dnl"/' "$here/policies/application.cil" > "$tmp/words.cil"
secilc -c 33 -o "$tmp/words.pol" -f /dev/null "$tmp/words.cil"
for form in te if fc; do
	secmarkctl policy --policy "$tmp/words.pol" --$form --name words "$tmp/words.plan" \
		> "$tmp/words.$form"
done
cat > "$tmp/words.wanted" << END
/usr/bin/dnl
/opt/divert/p
/opt/can_exec/s
/usr/lib/g\\+\\+-1\\.2/len
END
if [ -r $makefile ]; then
	(cd "$tmp" && make -s -f $makefile words.pp > log 2>&1) || { cat "$tmp/log"; exit 1; }
	semodule_unpackage "$tmp/words.pp" "$tmp/words.mod" "$tmp/words.contexts"
	sed -n 's,\t--\tsystem_u:object_r:words_net_exec_t.*$,,p' "$tmp/words.contexts" |
		diff -u "$tmp/words.wanted" -
	"$pp" "$tmp/words.pp" "$tmp/words.cil"
	grep -qF '(typetransition words_net_t spool_t file "dnl" memory_t)' "$tmp/words.cil" ||
		{ echo "a name of a file is lost"; exit 1; }
fi

[ -n "${APPLIED_POLICY-}" ] || exit 0
differ "$APPLIED_POLICY" unconfined_u:unconfined_r s0-s0:c0.c1023 curl_net_t > "$tmp/debian"
[ -s "$tmp/debian" ] || { echo "$APPLIED_POLICY: nothing differs"; exit 1; }
itself='capability2?|cap2?_userns|lockdown'
start='<- [A-Za-z_]+:process (lacks|has) \{ transition \}|.*:process2 .*nnp_transition.*'
sockets='(<- .* lacks|-> (curl|report)_net_t:.* has) \{ create relabelto \}'
if grep -vE "^(.*:packet .*|.*:($itself) .*|.*:file lacks \{ entrypoint \}|$start|$sockets)\$" \
	"$tmp/debian"; then
	exit 1
fi
# no other process, however unconfined, makes a socket with the label
for class in tcp_socket udp_socket rawip_socket sctp_socket icmp_socket; do
	for domain in unconfined_t initrc_t kernel_t report_net_t; do
		grep -qx "<- $domain:$class lacks { create relabelto }" "$tmp/debian" ||
			{ echo "$domain makes a $class with the label of the application"; exit 1; }
	done
done
