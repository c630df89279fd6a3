#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# "secmarkctl policy --load" and "--unload" with semodule and a policy store of their own: they
# leave the modules of others, and of other plans, alone. And "secmarkctl who --modules" asks it.
set -eu

policies=$(cd "${srcdir:-.}" && pwd)/policies
# shellcheck source=tests/command/verdict.sh
. "$policies/../command/verdict.sh"
on_terminal=$PWD/on-terminal
PATH=$(cd ../src && pwd):$PATH:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL
semodule=$(command -v semodule) || { echo "this needs semodule"; exit 77; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

# the real one, for another root, and without loading the policy
mkdir -p bin root/etc/selinux/default root/var/lib/selinux
echo 'policy-version = 33' > root/etc/selinux/semanage.conf
printf '#!/bin/sh\nexec %s -p %s -s default -n -N "$@"\n' "$semodule" "$tmp/root" > bin/semodule
chmod +x bin/semodule
PATH=$tmp/bin:$PATH
cp "$policies/who.cil" base.cil
echo '(type ssh_t)' > ssh.cil
semodule -X 100 -i base.cil ssh.cil

# Runs a function without what the libraries of semodule print. libselinux 3.8 complains if this
# machine has no policy.
ours() { # FUNCTION...
	"$@" | grep -v -e '^libsemanage' -e '^Error obtaining file context handle'
}
modules() { semodule -lfull | tr -s ' ' | sed 's/ $//' | sort | paste -sd , -; }
plan() { # FILE TYPE
	printf 'type %s\nclient %s tcp 80 allow httpd_t\n' "$2" "$2" > "$1"
}

mkdir other
plan my.plan mine_packet_t
plan other/a.plan other_packet_t
is "a module of the distribution is not replaced" \
	"$(ours says secmarkctl policy --load --name ssh my.plan)" \
	"secmarkctl: this module would replace the policy's own module ssh (give it another name \
with --name)
= 1"
is "nor removed" "$(ours says secmarkctl policy --unload --name ssh)" \
	'secmarkctl: the policy has no module ssh of secmarkctl (semodule -lfull lists all modules)
= 1'
is "the store is as before" "$(modules)" '100 base cil,100 ssh cil'

is "a module of ours is loaded" "$(ours says secmarkctl policy --load my.plan)" \
	'secmark2_plan: loaded
= 0'
is "and again" "$(ours says secmarkctl policy --load ./my.plan)" \
	'secmark2_plan: loaded
= 0'
is "the plan of another namespace does not take its types away" \
	"$(ours says secmarkctl policy --load other/a.plan)" \
	'secmarkctl: the module secmark2_plan of another plan, ./my.plan, has the type '\
'mine_packet_t, which would be lost (--name gives this module another name, --unload removes '\
'the other one)
= 1'
is "another name keeps both" "$(ours says secmarkctl policy --load --name second other/a.plan)" \
	'second: loaded
= 0'
is "both are there" "$(modules)" \
	'100 base cil,100 ssh cil,300 secmark2_plan cil,300 second cil'
plan my.plan new_packet_t
is "the plan itself can give up a type" "$(ours says secmarkctl policy --load my.plan)" \
	'secmark2_plan: loaded
= 0'
# as a domain that may not use a home directory
mkdir closed
less=
[ "$(id -u)" -ne 0 ] || less='setpriv --bounding-set -dac_override,-dac_read_search'
is "and can be loaded from a folder that may not be used" \
	"$(ours says \
		sh -c "cd closed && chmod 0 . && $less secmarkctl policy --load '$tmp/my.plan'")" \
	'secmark2_plan: loaded
= 0'
chmod 755 closed
{ cat my.plan; echo 'type more_packet_t'; } > more.plan
is "and another plan with all of its types can replace it" \
	"$(ours says secmarkctl policy --load more.plan)" \
	"more.plan:3:6: warning: no line uses this type: 'more_packet_t'
secmark2_plan: loaded
= 0"
# a semodule that takes its time
mv bin/semodule bin/quick
cat > bin/semodule <<-END
	#!/bin/sh
	case " \$* " in
	*" -i "*)
		timeout 1.5 tail -f /dev/null
		echo "libsemanage has a message" >&2
	esac
	exec "$tmp/bin/quick" "\$@"
END
chmod +x bin/semodule
sed -i '/more_packet_t/d' more.plan
is "a pipe gets no progress" "$(ours says secmarkctl policy --load more.plan)" \
	'secmark2_plan: loaded
= 0'
# one line for each second, which the next line overwrites, be it ours or semodule's
progress='\(E\[Ksemodule rebuilds the policy: [0-9]* s\)\{1,\}'
is "a terminal does, until it is done" \
	"$("$on_terminal" nothing secmarkctl policy --load more.plan | tr '\033' E |
		ours sed "s/$progress/each second\n/")" \
	'each second
E[Ksecmark2_plan: loaded'
mv bin/quick bin/semodule
is "unload removes it" "$(ours says secmarkctl policy --unload)" \
	'secmark2_plan: unloaded
= 0'
is "and the other one" "$(ours says secmarkctl policy --unload --name second)" \
	'second: unloaded
= 0'
is "there is no more" "$(ours says secmarkctl policy --unload)" \
	'secmarkctl: the policy has no module secmark2_plan of secmarkctl (semodule -lfull '\
'lists all modules)
= 1'
is "the store is as in the beginning" "$(modules)" '100 base cil,100 ssh cil'

# the policy that is loaded has the module's type; in the second one, an administrator's module
# gives it an attribute
type='(type mine_packet_t)(roletype object_r mine_packet_t)'
echo "$type" > has.cil
echo "$type(typeattributeset packet_type (mine_packet_t))" > given.cil
for policy in has given; do
	secilc -c 33 -f /dev/null -o $policy.pol base.cil $policy.cil
done
plan my.plan mine_packet_t
taken="my.plan:1:6: the policy has this type already: 'mine_packet_t' (choose a new name; a line \
can use a type of the policy without this statement)
= 1"
is "a type of the policy is not declared again" \
	"$(ours says secmarkctl policy --load --policy has.pol my.plan)" \
	"$taken"
semodule -X 300 -i ssh.cil
is "nor if there are modules that are not ours" \
	"$(ours says secmarkctl policy --load --policy has.pol --name ssh my.plan)" \
	"$taken"
semodule -X 300 -r ssh
ours secmarkctl policy --load my.plan > said
for policy in has given; do
	is "the module itself is replaced: $policy" \
		"$(ours says secmarkctl policy --load --policy $policy.pol my.plan)" \
		'secmark2_plan: loaded
= 0'
done
is "a module with another name does not declare it again" \
	"$(ours says secmarkctl policy --load --policy has.pol --name second my.plan)" \
	"$taken"
ours secmarkctl policy --unload > said

echo '(type mine_t)' > mine.cil
semodule -X 300 -i mine.cil
is "priority 300 alone does not make a module ours" \
	"$(ours says secmarkctl policy --load --name mine my.plan)" \
	"secmarkctl: this module would replace the policy's own module mine (give it another name \
with --name)
= 1"
is "nor to remove" "$(ours says secmarkctl policy --unload --name mine)" \
	'secmarkctl: the module mine is not made by secmarkctl (semodule -lfull lists all modules)
= 1'
semodule -X 300 -r mine

# rules of base.cil, in two more modules; one of them does not count
cat > web.cil << END
(optional web
	(typeattributeset cil_gen_require httpd_t)
	; (allow guest_t http_packet_t (packet (send)))
	(allow httpd_t
		http_packet_t(packet(send))))
(booleanif httpd_connect (true (allow httpd_t proxy_packet_t (packet (recv)))))
(booleanif strict (true (allow loader_t packet_type (packet (relabelto)))))
END
cp web.cil off.cil
mkdir low
{ cat web.cil; echo '(allow idle_t http_packet_t (packet (send)))'; } > low/web.cil
semodule -X 100 -i low/web.cil off.cil
semodule -X 200 -i web.cil
semodule -d off
secilc -c 33 -f /dev/null -o who.pol base.cil
# rows: domain, permissions, and what is behind the rule
rows() { sed -n 's/^ *\([a-z_]*\)  .*; \(.*# .*\)/\1 \2/p'; }
is "who tells the modules" \
	"$(ours secmarkctl who --modules --policy who.pol http_packet_t | rows | sort -u)" \
	'guest_t # module base
httpd_t # modules base, web
idle_t # module base
init_t # module base
kernel_t # module base
loader_t # module base
unlabeled_t # module base
user_t # module base'
is "behind a boolean" \
	"$(ours says secmarkctl who --modules --policy who.pol --domain httpd_t proxy_packet_t)" \
	'policy: who.pol
httpd_t: 0 labels
  with other booleans, these rules would count:
    allow httpd_t proxy_packet_t:packet { recv send }; [ httpd_connect ]:True '\
'# httpd_connect is off; modules base, web
= 0'
is "as JSON" "$(ours secmarkctl who --modules --json --policy who.pol --domain httpd_t \
	http_packet_t | tr -d ' \n' | grep -o '"modules":[^]]*.')" \
	'"modules":["base","web"]'
is "without --modules" "$(ours secmarkctl who --json --policy who.pol --domain httpd_t \
	http_packet_t | grep -o '"modules":.*')" \
	'"modules": null'
left() {
	find /var/lib/selinux root/var/lib/selinux "${TMPDIR:-/tmp}" -maxdepth 1 \
		-name 'secmark2-*' -newer web.cil
}
is "no file is left" "$(left)" ''
cat > bin/semodule <<-END
	#!/bin/sh
	[ "\$1" = -lfull ] && { echo "100 base pp"; exit; }
	echo '(type a_t)' > base.cil
	exit 3
END
is "a text that cannot be read" "$(says secmarkctl who --modules --policy who.pol http_packet_t)" \
	'secmarkctl: the policy store cannot be read: semodule ends with 3
= 1'
is "no file is left then" "$(left)" ''
printf '#!/bin/sh\necho No modules.\n' > bin/semodule
is "an empty store" "$(says secmarkctl who --modules --policy who.pol http_packet_t)" \
	'secmarkctl: the policy store of this machine has no modules (without --modules, no store '\
'is needed)
= 1'
printf '#!/bin/sh\nexit 3\n' > bin/semodule
is "a store that cannot be read" "$(says secmarkctl who --modules --policy who.pol http_packet_t)" \
	'secmarkctl: the policy store cannot be read: semodule ends with 3
= 1'
is "a picture has no modules" "$(says secmarkctl who --modules --dot --policy who.pol)" \
	'secmarkctl who: --modules cannot be used with --dot (see secmarkctl who --help)
= 2'
exit $failed
