# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# An ssh session from this machine into the guest. If it dies, another one begins. The guest's end
# is kernel-tests/distro/guest/session.

SESSION_PID=
SESSION_PORT=
SESSION_PATIENCE=5 # seconds that a session may take to begin
SESSION_ALIVE=3    # and a third of those that the guest may be silent

session_allow() { # ROOT: lets this machine in
	ssh-keygen -q -t ed25519 -N '' -f "$SCRATCH/key"
	mkdir -p "$1/root/.ssh"
	chmod 700 "$1/root/.ssh"
	cp "$SCRATCH/key.pub" "$1/root/.ssh/authorized_keys"
}

# It takes the place of a subshell.
session_ssh() { # COMMAND...: runs it in the guest
	exec ssh -i "$SCRATCH/key" -p "$SESSION_PORT" -o BatchMode=yes -o StrictHostKeyChecking=no \
		-o ConnectTimeout="$SESSION_PATIENCE" -o UserKnownHostsFile=/dev/null \
		-o LogLevel=ERROR -o ServerAliveInterval="$SESSION_ALIVE" -o ServerAliveCountMax=3 \
		root@127.0.0.1 "$@"
}

# A session would disturb other scripts, so it begins when the guest says "# session".
session_serve() { # WHAT-THE-GUEST-SAYS
	mkfifo "$SCRATCH/words"
	until grep -q '^# session' "$1"; do
		sleep "$SESSION_BEAT"
	done
	while :; do
		# each word is the answer to itself
		# shellcheck disable=SC2094 # the file is a pipe
		session_ssh bash /root/tests/session <"$SCRATCH/words" | cat >"$SCRATCH/words" || :
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
