# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# "application" in a plan: a program that ran as all others gets a domain, and a label is for it
# alone. semodule takes minutes in this guest:
# "distro/run --timeout 3000 distro/on-demand/application.sh".
# shellcheck source=kernel-tests/distro/guest/tap.sh
. ./tap.sh

MINE=/etc/secmark2/mine
SCRIPT=/usr/local/bin/report
PYTHON=$(readlink -f /usr/bin/python3)
FIREFOX=/usr/lib/firefox-esr/firefox-esr
URL=http://127.0.0.1/
PAGES=/var/log/nginx/access.log # who got them
WORKS=' curl 0 wget 0 git 0 git 0 git 0 git 128 python3 0 dig 9 ssh 0 apt-get 0 apt-get 0 report 0'

printf '#!/bin/sh\nexec nc -N -w 5 127.0.0.1 80\n' >$SCRIPT
chmod 755 $SCRIPT
cp /usr/bin/curl /usr/local/bin/curl-copy
ssh-keygen -q -t ed25519 -N '' -f /root/key
cat /root/key.pub >>/root/.ssh/authorized_keys

cat >$MINE <<END
type intranet_packet_t
application curl /usr/bin/curl
application report $SCRIPT
application tools /usr/bin/wget /usr/bin/git $PYTHON /usr/bin/dig /usr/bin/ssh /usr/bin/apt-get
application web /usr/sbin/nginx
application browser $FIREFOX
client intranet_packet_t tcp 80 only curl report tools browser allow curl report tools browser
server http_server_packet_t tcp 80 allow web
client ssh_client_packet_t tcp 22 allow tools unconfined_t
server ssh_server_packet_t tcp 22
client dns_client_packet_t udp 53 allow tools browser
server dns_server_packet_t udp 53
END

get() { printf 'GET / HTTP/1.0\r\n\r\n'; }

# What the web server says to a program.
answer() { # COMMAND...
	local said
	said=$(get | "$@" 2>/dev/null | head -n 1 | tr -d '\r')
	echo "${said:-nothing}"
}

# Runs each program; a number for each is its exit status.
programs() {
	local all=''
	run() { "$@" >>/tmp/programs 2>&1 && all+=" $1 0" || all+=" $1 $?"; }
	: >/tmp/programs
	run curl -sf -m 20 -o /dev/null $URL
	run wget -q -T 20 -t 1 -O /dev/null $URL
	rm -rf /tmp/repo /tmp/clone
	run git -c init.defaultBranch=main init -q /tmp/repo
	run git -C /tmp/repo -c user.name=n -c user.email=e commit -q --allow-empty -m m
	run git clone -q /tmp/repo /tmp/clone
	run git ls-remote -q $URL
	run python3 -c "import urllib.request as u; u.urlopen('$URL', timeout=20).read()"
	run dig +time=2 +tries=1 @127.0.0.1 example.org
	run ssh -i /root/key -o BatchMode=yes -o StrictHostKeyChecking=no \
		-o UserKnownHostsFile=/dev/null root@127.0.0.1 true
	run apt-get -q update
	run apt-get -qs install bash
	run report </dev/null
	echo "$all"
}

# Firefox makes a picture of a page. Prints its exit status, and how many pages it got: an error
# page would make a picture, too. It needs a minute here.
browse() {
	rm -rf /tmp/profile
	mkdir /tmp/profile
	: >$PAGES
	echo "$(code timeout 500 firefox-esr --headless --profile /tmp/profile \
		--screenshot /tmp/picture.png $URL), pages: $(grep -c '"GET / .*Firefox/' $PAGES)"
}

systemctl -q disable --now secmark2
secmarkctl remove >/dev/null
# Firefox compiles scripts: without this, no unconfined process may
setsebool allow_execmem on
is "programs work without applications" "$(programs)" "$WORKS"
started=$SECONDS
is "and Firefox does, too" "$(browse)" '0, pages: 1'
tail -n 5 /tmp/said | sed 's/^/# /'
echo "# after $((SECONDS - started)) s"
before_report=$(answer report)
denied_now . >/dev/null

is "applications says that the policy lacks them" \
	"$(code secmarkctl applications $MINE) $(grep -c 'is not in the policy' /tmp/said)" '1 5'
is "and what else the files lack" "$(sed -n 's,^ */usr/bin/ssh: ,,p' /tmp/said)" \
	"the policy has another label for it, system_u:object_r:ssh_exec_t:s0: run secmarkctl \
policy --load PLAN; if that does not help, run semanage fcontext -d /usr/bin/ssh first"
started=$SECONDS
is "policy --load loads the module" "$(says secmarkctl policy --load $MINE | sed 's/.*: //')" 0
sed 's/^/# /' /tmp/said
echo "# after $((SECONDS - started)) s"
is "curl has its label, and so has a script" "$(types /usr/bin/curl $SCRIPT)" \
	curl_net_exec_t,report_net_exec_t
is "so have programs for which the policy has another label" \
	"$(types /usr/sbin/nginx /usr/bin/ssh /usr/bin/apt-get)" \
	web_net_exec_t,tools_net_exec_t,tools_net_exec_t
is "restorecon does not take it from them" \
	"$(restorecon -nv /usr/sbin/nginx /usr/bin/ssh /usr/bin/apt-get)" ''
systemctl restart nginx
poll 30 curl -sf -m 5 -o /dev/null $URL
is "now all is well" "$(code secmarkctl applications $MINE)" 0
sed 's/^/# /' /tmp/said
is "nginx runs in its domain" \
	"$(ps -C nginx -o label= | cut -d : -f 3 | sort -u)" web_net_t
is "what unconfined_t does is not denied to applications" "$(denied_now '_net_t ')" ''

is "apply loads the plan" "$(says secmarkctl apply --backend nft $MINE)" "$MINE: loaded by nft: 0"
denied_now . >/dev/null
is "curl reaches the web server" "$(code curl -sf -m 20 -o /dev/null $URL)" 0
is "nothing is denied" "$(denied_now 'packet|_net_t')" ''
is "nc does not" "$(answer nc -N -w 5 127.0.0.1 80)" nothing
is "the audit log says so" "$(denied_now packet)" 'unconfined_t intranet_packet_t:packet send'
is "a copy of curl does not" "$(code /usr/local/bin/curl-copy -sf -m 20 -o /dev/null $URL)" 7
is "the audit log says that, too" \
	"$(denied_now packet)" 'unconfined_t intranet_packet_t:packet send'
is "nor does nc with the application's domain" \
	"$(runcon -t curl_net_t nc -N -w 5 127.0.0.1 80 </dev/null 2>&1 | sed 's/.*: //')" \
	'Permission denied'
is "that is an entry point which it does not have" "$(denied_now '_net_t')" \
	'curl_net_t bin_t:file entrypoint'
is "a script is an application, and so is what it runs" "$(answer report)" "$before_report"
is "nothing is denied to it" "$(denied_now 'packet|_net_t')" ''
is "the interpreter with the script is not" "$(answer sh $SCRIPT)" nothing
is "the log says who it was" "$(denied_now packet)" 'unconfined_t intranet_packet_t:packet send'
is "who says the same" "$(secmarkctl who intranet_packet_t |
	sed -n 's/^  \([a-z_]*_t\)  .*recv send  .*/\1/p' | paste -sd ,)" \
	browser_net_t,curl_net_t,report_net_t,tools_net_t
is "each program does what it did" "$(programs)" "$WORKS"
is "and so does Firefox" "$(browse)" '0, pages: 1'
tail -n 5 /tmp/said | sed 's/^/# /'
is "and nothing was denied to them" "$(denied_now '_net_t ')" ''
sed 's/^/# /' /tmp/new | cut -c 1-300 | head -n 20

secmarkctl remove >/dev/null
systemctl stop nginx
sed -i '/^application web/d; s/ allow web$//; s, /usr/bin/ssh , ,' $MINE
echo 'application shell /usr/bin/ssh' >>$MINE
is "policy --load loads the module of a changed plan" \
	"$(says secmarkctl policy --load $MINE | sed 's/.*: //')" 0
sed 's/^/# /' /tmp/said
is "a program is in another application, and one in none" \
	"$(types /usr/bin/ssh /usr/sbin/nginx)" shell_net_exec_t,httpd_exec_t
is "semanage has that" \
	"$(semanage fcontext -l -C | sed -n 's/^.* = //p' | sort | paste -sd ,)" \
	/usr/bin/apt-get.tools_net_t,/usr/bin/ssh.shell_net_t

# a semodule that removes nothing; its domain, semanage_t, may not execute a second semanage_exec_t
semodule=$(readlink -f "$(command -v semodule)")
cp -a "$semodule" "$semodule.real"
chcon -t bin_t "$semodule.real"
cat >"$semodule" <<END
#!/bin/sh
case " \$* " in *" -r "*) exit 3 ;; esac
exec "$semodule.real" "\$@"
END
is "a failed policy --unload says so" "$(says secmarkctl policy --unload)" \
	"secmarkctl: semodule ends with 3: the module secmark2_plan is not unloaded: 1"
mv "$semodule.real" "$semodule"
restorecon "$semodule"
is "semanage has all that it had" \
	"$(semanage fcontext -l -C | sed -n 's/^.* = //p' | sort | paste -sd ,)" \
	/usr/bin/apt-get.tools_net_t,/usr/bin/ssh.shell_net_t

started=$SECONDS
is "policy --unload removes the module" "$(says secmarkctl policy --unload | sed 's/.*: //')" 0
sed 's/^/# /' /tmp/said
echo "# after $((SECONDS - started)) s"
is "the files have the labels that they had" \
	"$(types /usr/bin/curl $SCRIPT /usr/sbin/nginx /usr/bin/ssh /usr/bin/apt-get)" \
	bin_t,bin_t,httpd_exec_t,ssh_exec_t,apt_exec_t
is "semanage has nothing of it" "$(semanage fcontext -l -C)" ''
systemctl restart nginx
is "nginx runs as before" "$(ps -C nginx -o label= | cut -d : -f 3 | sort -u)" httpd_t
is "all works as before" "$(programs)" "$WORKS"
setsebool allow_execmem off
# the next boot loads the first plan again
secmarkctl apply --backend nft "$PLAN" >/dev/null
systemctl -q enable --now secmark2
