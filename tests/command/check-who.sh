#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# "secmarkctl who" and setools agree, for each type of packets of a policy: what who allows or finds
# constrained is what the rules allow. With DEBIAN_POLICY=FILE, the same for that policy, which has
# no constraint on packets, and how long it takes.
set -euo pipefail

for tool in sesearch seinfo perl; do
	command -v "$tool" > /dev/null || { echo "this needs $tool"; exit 77; }
done
here=$(cd "${srcdir:-.}" && pwd)/command
PATH=$(cd ../src && pwd):$PATH
LC_ALL=C
export PATH LC_ALL
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# allowed POLICY: what who prints, in lines "LABEL DOMAIN PERMISSION". The table of what is
# constrained looks like the first one.
allowed() {
	secmarkctl who --policy "$1" | awk '
		/^[^ ]/ { label = $1; sub(":$", "", label) }
		/^  [^ ]+  .*  allow / {
			for (i = 2; $i != "allow"; i++)
				print label, $1, $i
		}' | sort -u
}

# agree POLICY
agree() {
	allowed "$1" > "$tmp/who"
	perl "$here/sesearch-access.pl" "$1" > "$tmp/setools"
	[ -s "$tmp/setools" ] || { echo "$1: setools find nothing"; exit 1; }
	diff "$tmp/setools" "$tmp/who" > "$tmp/diff" && return
	echo "$1: setools (<) and who (>) differ:"
	head -n 40 "$tmp/diff"
	exit 1
}

agree who.pol
agree mls.pol
[ -n "${DEBIAN_POLICY-}" ] || exit 0
agree "$DEBIAN_POLICY"
if secmarkctl who --policy "$DEBIAN_POLICY" | grep 'a constraint denies it'; then
	exit 1
fi

# what remains of "unlabeled deny": kern_unconfined, and what forwards packets without a peer label
unconfined=$(seinfo -x -a kern_unconfined "$DEBIAN_POLICY" | awk '/^\t/ { print $1 }' |
	grep -vx kernel_t | sort)
cat > "$tmp/want" << END
deny.plan:1:1: warning: "allow kern_unconfined unlabeled_t:packet { forward_in forward_out recv \
relabelto send };" still lets $(wc -l <<< "$unconfined") domains use packets without a label: \
$(paste -sd ' ' <<< "$unconfined")
deny.plan:1:1: warning: "allow unlabeled_t unlabeled_t:packet { forward_in forward_out };" still \
lets 1 domain use packets without a label: unlabeled_t
END
echo 'unlabeled deny' > "$tmp/deny.plan"
(cd "$tmp" && secmarkctl policy --policy "$DEBIAN_POLICY" deny.plan 2>&1 > /dev/null) |
	diff "$tmp/want" -

# with the store that the policy is made of, each rule is in a module
root=${DEBIAN_POLICY%/etc/selinux/*}
if [ -d "$root/var/lib/selinux" ] && semodule=$(PATH=$PATH:/usr/sbin command -v semodule); then
	mkdir "$tmp/bin"
	printf '#!/bin/sh\nexec "%s" -p "%s" -s default -n -N "$@"\n' "$semodule" "$root" \
		> "$tmp/bin/semodule"
	chmod +x "$tmp/bin/semodule"
	PATH=$tmp/bin:$PATH secmarkctl who --modules --policy "$DEBIAN_POLICY" > "$tmp/modules"
	grep -q 'allow httpd_t http_server_packet_t.* # module apache$' "$tmp/modules"
	if grep 'allow .*;' "$tmp/modules" | grep -v '# \(.*; \)*modules* '; then
		echo "no module has these rules"
		exit 1
	fi
fi

# spends MILLISECONDS COMMAND...: at most that much time of a processor, in one of 20 tries. What
# else runs on a busy machine makes most of them slower.
spends() {
	local limit=$1 spent best=1000000
	local TIMEFORMAT='%U %S'
	shift
	for _ in {1..20}; do
		spent=$({ time "$@" > /dev/null; } 2>&1 | awk '{ print int(($1 + $2) * 1000) }')
		[ "$spent" -gt "$limit" ] || return 0
		[ "$spent" -ge "$best" ] || best=$spent
	done
	echo "$best ms, the limit is $limit ms: $*"
	exit 1
}

# sanitizers cost more
[ -z "${SANITIZED-}" ] || exit 0
# 50 of these are libsepol's, which reads the policy and frees it
spends 60 secmarkctl who --policy "$DEBIAN_POLICY" http_server_packet_t
spends 2000 secmarkctl who --policy "$DEBIAN_POLICY"
# lines with one label share their errors: this took 25 s when each had its own
line='client http_client_packet_t tcp & only httpd_t allow ping_t'
seq 10000 | sed "s/.*/$line/" > "$tmp/many.plan"
judge() { secmarkctl check --policy "$DEBIAN_POLICY" "$tmp/many.plan" 2> "$tmp/err" || :; }
spends 2000 judge
[ "$(grep -c 'is broken as at' "$tmp/err")" -eq 9999 ]
