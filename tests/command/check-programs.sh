#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Which programs "secmarkctl policy" takes as applications, by the labels of files and the rules of
# a policy: both are in a folder /etc/selinux that only this test sees.
set -eu

policies=$(cd "${srcdir:-.}" && pwd)/policies
# shellcheck source=tests/command/verdict.sh
. "$policies/../command/verdict.sh"
PATH=$(cd ../src && pwd):$PATH:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL
if [ -e /sys/fs/selinux/policy ]; then
	echo "this machine has a policy of its own"
	exit 77
fi
space=
for try in 'unshare -m' 'unshare -rm'; do
	[ -d /etc/selinux ] || break
	$try mount --bind /etc/selinux /etc/selinux 2> /dev/null || continue
	space=$try
	break
done
if [ -z "$space" ]; then
	echo "this needs a mount namespace, and a folder /etc/selinux"
	exit 77
fi
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

# refpolicy's names. git_t only goes back to the user that started it.
cat > programs.cil << END
(typeattribute userdomain)
(typeattribute unpriv_userdomain)
(type staff_t)
(type getty_t)
(typeattributeset userdomain (unconfined_t user_t staff_t))
(typeattributeset unpriv_userdomain (user_t staff_t))
(typeattributeset domain (staff_t getty_t))
END
for name in init shell sshd cron login git web su kmod backup script; do
	printf '(type %s_exec_t)(roletype object_r %s_exec_t)\n' $name $name
	echo "(typeattributeset file_type (${name}_exec_t))"
	case $name in init | shell | cron | script) continue ;; esac
	echo "(type ${name}_t)(typeattributeset domain (${name}_t))"
done >> programs.cil
cat >> programs.cil << END
(typeattributeset unconfined_domain_type (backup_t))
(typeattributeset set_curr_context (backup_t))
(typetransition kernel_t init_exec_t process init_t)
(typetransition init_t sshd_exec_t process sshd_t)
(allow sshd_t unpriv_userdomain (process (transition)))
(typetransition init_t cron_exec_t process crond_t)
(typetransition getty_t login_exec_t process login_t)
(boolean admins false)
(booleanif admins (true (allow login_t userdomain (process (transition)))))
(typetransition staff_t git_exec_t process git_t)
(allow git_t staff_t (process (transition)))
(typetransition init_t web_exec_t process web_t)
(allow web_t daemon_t (process (transition)))
(typetransition init_t script_exec_t process initrc_t)
(allow initrc_t unconfined_t (process (transition)))
(booleanif admins (true (typetransition kernel_t kmod_exec_t process kmod_t)))
(typetransition init_t backup_exec_t process backup_t)
(typetransition user_t su_exec_t process su_t)
END
mkdir -p etc/default/policy etc/default/contexts/files
secilc -c 33 -o etc/default/policy/policy.33 -f /dev/null "$policies/application.cil" programs.cil
printf 'SELINUX=permissive\nSELINUXTYPE=default\n' > etc/config
{
	echo '/usr/bin/.* system_u:object_r:bin_t:s0'
	for name in init shell sshd cron login git web su kmod backup script; do
		echo "/usr/bin/$name -- system_u:object_r:${name}_exec_t:s0"
	done
	echo '/usr/bin/dpkg -- system_u:object_r:dpkg_exec_t:s0'
	echo '/usr/bin/lost -- system_u:object_r:lost_exec_t:s0'
	echo '/usr/bin/none -- <<none>>'
} > etc/default/contexts/files/file_contexts
# sh of Debian has it
# shellcheck disable=SC2016 # that shell's $1
judged() { # PROGRAM [from DOMAIN...]: what is wrong with it as an application
	program=$1
	shift
	echo "application a /usr/bin/$program $*" > plan
	$space sh -c 'mount --bind "$1" /etc/selinux && secmarkctl policy plan 2>&1 > cil' sh etc |
		sed 's/^plan:1:15: //'
	grep -q 'a_net_exec_t' cil && echo taken || echo refused
}
needed='(the machine needs it, and all that it starts, in their own domains)'
sessions="(an application cannot start them in their own domains)"
rights='(the application can do nearly all that unconfined_t can)'
is "a program without a domain" "$(judged curl)" taken
is "a shell" "$(judged shell)" "a shell cannot be an application: '/usr/bin/shell' (all that it \
starts would be in the application's domain)
refused"
is "the first process" "$(judged init)" "the kernel starts this program, in the domain init_t: \
'/usr/bin/init' $needed
refused"
is "what the kernel may start" "$(judged kmod)" "the kernel starts this program, in the domain \
kmod_t: '/usr/bin/kmod' $needed
refused"
is "logins over the network" "$(judged sshd)" "this program starts sessions of users, from the \
domain sshd_t: '/usr/bin/sshd' $sessions
refused"
is "jobs of unconfined users" "$(judged cron)" "this program starts sessions of users, from the \
domain crond_t: '/usr/bin/cron' $sessions
refused"
is "logins that a boolean allows, and that others start" "$(judged login)" "this program starts \
sessions of users, from the domain login_t: '/usr/bin/login' $sessions
refused"
is "a program that goes back to its user" "$(judged git)" taken
is "a service" "$(judged web)" "warning: init_t starts this program in the confined domain web_t, \
but for the application: '/usr/bin/web' $rights
taken"
is "the same, if init_t does not start the application" \
	"$(judged web from unconfined_t)" taken
is "what users start" "$(judged dpkg)" "warning: unconfined_t starts this program in the confined \
domain dpkg_t, but for the application: '/usr/bin/dpkg' $rights
taken"
is "a service that is unconfined" "$(judged backup)" taken
is "a script of init" "$(judged script)" taken
is "what only other domains start" "$(judged su)" taken
is "a label that the policy lacks" "$(judged lost)" taken
is "a file without a label" "$(judged none)" taken

# a folder whose files have the labels of another folder
echo '/usr/local/lib /usr/lib' > etc/default/contexts/files/file_contexts.subs_dist
elsewhere='(if that is the same file, write this path; if not, move the program to a '\
'folder such as /opt)'
echo 'application a /usr/local/lib/x/y' > plan
# shellcheck disable=SC2016 # that shell's $1
is "a folder that the policy labels as another one" \
	"$($space sh -c 'mount --bind "$1" /etc/selinux && secmarkctl policy plan 2>&1' sh etc)" \
	"plan:1:15: the policy gives this file the label of /usr/lib/x/y: '/usr/local/lib/x/y' \
$elsewhere"
exit $failed
