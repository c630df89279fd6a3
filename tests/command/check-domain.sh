#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The policy module secmark2: refpolicy's Makefile builds it, its documentation is valid, and secilc
# builds its CIL. Both label the same files, and grant the same but for domain-forms. Neither grants
# what domain-limits.cil forbids, nor what domain-booleans says while the boolean is off.
# HEADERS=FOLDER takes another refpolicy's headers than this machine's.
set -eu

here=$(cd "${srcdir:-.}" && pwd)
policy=$here/../policy
headers=${HEADERS:-/usr/share/selinux/devel/include}
PATH=$PATH:/usr/sbin:/sbin
pp=$(command -v pp || echo /usr/libexec/selinux/hll/pp)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

# The options of the make that runs this are not for refpolicy's: it warns of a lost job server.
unset MAKEFLAGS MFLAGS MAKELEVEL

for tool in secilc "$pp" perl sesearch xmllint; do
	command -v "$tool" > /dev/null || { echo "this needs $tool"; exit 77; }
done
if [ ! -r "$headers/Makefile" ]; then
	echo "$headers is missing (package selinux-policy-dev)"
	exit 77
fi

fail() {
	echo "$1"
	cat log
	exit 1
}

refpolicy() { # TARGET
	make -s -f "$headers/Makefile" HEADERDIR="$headers" NAME=default "$1" > log 2>&1 ||
		fail "refpolicy's Makefile cannot make $1"
}

# secilc refuses these files because of a neverallow, and of nothing else.
is_limited() { # SENTENCE FILE...: the sentence is for the failure
	sentence=$1
	shift
	! secilc -f /dev/null -o /dev/null "$@" > log 2>&1 || fail "$sentence"
	grep -q neverallow log || fail "$sentence: secilc does not build it"
}

cp "$policy"/refpolicy/secmark2.* .
refpolicy secmark2.pp
! grep -i warning log || fail "checkmodule warns"
"$pp" secmark2.pp > te.cil
cp "$policy/cil/secmark2.cil" cil.cil

# compile FORM [MORE.cil]: with the limits
compile() {
	cat "$here/policies/domain-limits.cil" ${2+"$2"} > more.cil
	cat "$1.cil" more.cil | perl "$here/command/cil-names.pl" > names.cil
	secilc -f "$1.fc" -o "$1.policy" names.cil "$1.cil" more.cil > log 2>&1
}

for form in te cil; do
	compile $form || fail "$form: secilc does not build it"
	sed 's/\t\t*/ /g; s/ \.\*$//' $form.fc | sort > $form.files
done
diff te.files cil.files > log || fail "refpolicy (<) and CIL (>) label other files"
[ "$(wc -l < te.files)" -eq 9 ]

# compared without the limits, and with the same names
cat te.cil cil.cil | perl "$here/command/cil-names.pl" > names.cil
for form in te cil; do
	secilc -f /dev/null -o $form.policy names.cil $form.cil > log 2>&1 ||
		fail "$form: secilc does not build it with the names of both"
	sesearch --type_trans $form.policy | sort > $form.transitions
	sesearch --allow $form.policy | awk -f "$here/command/rules.awk" | sort -u > $form.all
	# a rule with a condition adds nothing to the same one without
	awk 'NR == FNR { always[$1, $2, $3, $4] = $5 == "-" || always[$1, $2, $3, $4]; next }
		$5 == "-" || !always[$1, $2, $3, $4]' $form.all $form.all > $form.grants
done
diff te.transitions cil.transitions > log || fail "refpolicy (<) and CIL (>) have other transitions"
{
	comm -23 te.grants cil.grants | sed 's/^/te /'
	comm -13 te.grants cil.grants | sed 's/^/cil /'
} | awk 'NR == FNR { if (!/^#/) known[$1, $2, $3, $4] = 1; next }
	!(($1, $2, $3, "") in known) && !(($1, $2, $3, $4) in known)' \
	"$here/policies/domain-forms" - > log
[ ! -s log ] || fail "only one of refpolicy (te) and CIL (cil) grants this"

# what is risky needs its boolean
while read -r boolean rule; do
	case $boolean in '#'*) continue ;; esac
	for form in te cil; do
		grep "^$rule " $form.all > log || fail "$form: nothing grants $rule"
		grep -q " $boolean\$" log || fail "$form: $boolean does not grant $rule"
		! grep -q ' -$' log || fail "$form: no boolean guards $rule"
	done
done < "$here/policies/domain-booleans"

# A limit refuses one.cil in both forms.
is_caught() { # RULE: for the failure
	for form in te cil; do
		! compile $form one.cil || fail "$form: no limit finds $1"
		grep -q 'neverallow' log || fail "$form: $1"
	done
}

# each limit finds what breaks it
tr '\n' ' ' < "$here/policies/domain-limits.cil" | sed 's/(neverallow/\n&/g' |
	sed -n 's/^(neverallow\( [^;]*)))\).*/(allow\1/p' > broken
[ "$(grep -c '' broken)" = "$(grep -c '^(neverallow' "$here/policies/domain-limits.cil")" ] ||
	fail "not all limits are tried"
while IFS= read -r rule; do
	echo "$rule" > one.cil
	is_caught "$rule"
done < broken

# and what a module could grant by mistake: through an attribute, or with a boolean
while IFS= read -r rule; do
	# other_t is a member of each of these attributes
	{
		echo '(type other_t)'
		for attribute in domain exec_type file_type packet_type secmark2_packet_type; do
			echo "(typeattributeset $attribute (other_t))"
		done
		case $rule in
		'('*) echo "$rule" ;;
		*) echo "(booleanif ${rule%% *} (true ${rule#* }))" ;;
		esac
	} > one.cil
	is_caught "$rule"
done <<-\END
	(allow secmarkctl_t secmark2_packet_type (packet (recv)))
	(allow secmarkctl_t packet_type (packet (send)))
	(allow secmarkctl_t domain (process (ptrace)))
	(allow domain domain (process (transition)))
	(allow secmarkctl_t file_type (file (write)))
	(allow secmarkctl_t exec_type (file (execute_no_trans)))
	(allow secmarkctl_t etc_t (dir (create)))
	secmarkctl_manage_policy (allow secmarkctl_t etc_t (file (create)))
	secmarkctl_manage_policy (allow secmarkctl_t security_t (security (load_policy)))
	secmarkctl_read_audit (allow secmarkctl_t self (netlink_audit_socket (nlmsg_write)))
	secmarkctl_read_audit (allow secmarkctl_t auditd_log_t (file (append)))
	secmarkctl_read_audit (allow secmarkctl_t kernel_t (system (syslog_mod)))
	secmarkctl_read_user_content (allow secmarkctl_t user_home_t (file (unlink)))
END

# Fedora's policy has other names: there the CIL is about iptables only
perl "$here/command/cil-names.pl" < cil.cil | grep -v '^(type iptables_runtime_t)$' > names.cil
secilc -f other.fc -o other.policy names.cil cil.cil > log 2>&1 || fail "other names"
[ ! -s other.fc ] || fail "other names: the domain is there"
echo '(neverallow iptables_t security_t (security (compute_av)))' > one.cil
is_limited "other names: iptables may not ask" names.cil cil.cil one.cil

# a caller builds, and all is documented: refpolicy's Makefile asks its schema
cat > caller.te <<-\END
	policy_module(caller, 1.0.0)
	type caller_t;
	role caller_r;
	secmark2_validate_labels(caller_t)
	secmark2_read_config(caller_t)
	secmark2_filetrans_named_content(caller_t)
	type admin_t;
	secmark2_admin(admin_t, caller_r)
	type mine_packet_t;
	secmark2_packet(mine_packet_t)
	secmark2_sendrecv_packets(caller_t, mine_packet_t)
	secmark2_forward_packets(caller_t, mine_packet_t)
	type mine_spd_t;
	corenet_spd_type(mine_spd_t)
	secmark2_match_spd(caller_t, mine_spd_t)
	secmark2_setcontext_spd(caller_t, mine_spd_t)
	type mine_peer_t;
	secmark2_netlabel_peer(mine_peer_t)
	secmark2_recvfrom_peer(caller_t, mine_peer_t)
END
refpolicy caller.pp
"$pp" caller.pp > caller.cil
cat te.cil caller.cil | perl "$here/command/cil-names.pl" > names.cil
granted() { # SOURCE TARGET CLASS PERMISSION
	echo "(neverallow $1 $2 ($3 ($4)))" > one.cil
	is_limited "not granted: $*" names.cil te.cil caller.cil one.cil
}
for domain in secmarkctl_t iptables_t unconfined_t; do
	granted $domain mine_packet_t packet relabelto
done
granted kernel_t mine_packet_t packet send
for perm in send recv forward_in forward_out; do
	granted caller_t mine_packet_t packet $perm
done
granted caller_t mine_spd_t association polmatch
granted caller_t caller_t association sendto
granted caller_t mine_spd_t association setcontext
granted caller_t mine_peer_t peer recv
for perm in ingress egress; do
	granted mine_peer_t netif_t netif $perm
done
for perm in recvfrom sendto; do
	granted mine_peer_t node_t node $perm
done
# with the boolean
granted secmarkctl_t unlabeled_t packet recv
rm caller.*
refpolicy xml
! grep -i 'error\|warning' log || fail "the documentation is not valid"
for name in validate_labels packet sendrecv_packets forward_packets match_spd setcontext_spd \
	netlabel_peer recvfrom_peer domtrans run read_config filetrans_named_content admin; do
	grep -q "<interface name=\"secmark2_$name\"" doc/policy.xml || fail "no secmark2_$name"
done
for name in manage_policy read_audit read_all_processes read_user_content; do
	grep -q "<tunable name=\"secmarkctl_$name\"" doc/policy.xml || fail "no secmarkctl_$name"
done
grep -q '<tunable name="secmark2_unlabeled_packets"' doc/policy.xml || fail "no such tunable"
