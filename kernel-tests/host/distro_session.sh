# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# An ssh session from this machine into the guest. If it dies, another one begins. The guest's end
# is kernel-tests/distro/guest/session.

SESSION_PID=
SESSION_PORT=

# QEMU listens there, on this machine only.
session_pick_port() { # sets SESSION_PORT
	local i
	for ((i = 0; i < 100; i++)); do
		SESSION_PORT=$((20000 + RANDOM % 12000))
		(: <>"/dev/tcp/127.0.0.1/$SESSION_PORT") 2>/dev/null || return 0
	done
	no_verdict "no free port for ssh"
}

session_allow() { # ROOT: lets this machine in
	ssh-keygen -q -t ed25519 -N '' -f "$SCRATCH/key"
	mkdir -p "$1/root/.ssh"
	chmod 700 "$1/root/.ssh"
	cp "$SCRATCH/key.pub" "$1/root/.ssh/authorized_keys"
}

# A session would disturb other scripts, so it begins when the guest says "# session".
session_serve() { # WHAT-THE-GUEST-SAYS
	local options=(-o BatchMode=yes -o StrictHostKeyChecking=no -o ConnectTimeout=5
		-o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o ServerAliveInterval=3
		-o ServerAliveCountMax=3)
	mkfifo "$SCRATCH/words"
	until grep -q '^# session' "$1"; do
		sleep "$SESSION_BEAT"
	done
	while :; do
		# each word is the answer to itself
		# shellcheck disable=SC2094 # the file is a pipe
		ssh -i "$SCRATCH/key" -p "$SESSION_PORT" "${options[@]}" root@127.0.0.1 \
			bash /root/tests/session <"$SCRATCH/words" | cat >"$SCRATCH/words" || :
		sleep "$SESSION_BEAT"
	done
}
SESSION_BEAT=0.3

session_start() { # WHAT-THE-GUEST-SAYS
	session_serve "$1" >/dev/null 2>&1 </dev/null &
	SESSION_PID=$!
}

session_stop() {
	[ -n "$SESSION_PID" ] || return 0
	kill "$SESSION_PID" 2>/dev/null || :
	pkill -P "$SESSION_PID" 2>/dev/null || :
	wait "$SESSION_PID" 2>/dev/null || :
	SESSION_PID=
}
