# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# One boot: the console goes to a log file, the results to a FIFO of their own.

QEMU_PIDS=()
PATIENCE=$(dirname "${BASH_SOURCE[0]}")/patience
# norandmaps: emulated code is translated once an address, so programs that always start at the same
# one start four times as fast. loglevel=5 lets WARNING and worse through; AVC records stay off the
# wire, the guest reads them by netlink. A busy machine can stop a guest for more than the 21
# seconds after which RCU reports a stall.
KERNEL_ARGS="loglevel=5 panic=-1 slab_nomerge lsm=selinux security=selinux selinux=1 enforcing=0 \
mitigations=off rcupdate.rcu_expedited=1 rcupdate.rcu_cpu_stall_timeout=120 no_timer_check \
net.ifnames=0 norandmaps"

qemu_arguments() { # INITRAMFS [WORDS of the kernel's command line]: sets QEMU_ARGS
	# max has erms, AVX and la57. A guest uses them, but QEMU emulates them slowly: guests of
	# qemu64 take a sixth less time. rdrand: random numbers are there at the boot.
	local cpu=qemu64,+rdrand accel=$ACCEL clock=()
	local append="console=$QEMU_CONSOLE $KERNEL_ARGS ${2-}"
	local machine=("${QEMU_MACHINE[@]}")
	[ "$ACCEL" != kvm ] || cpu=host
	if [ -n "$ICOUNT" ]; then
		# One guest instruction is one nanosecond of its clock: the same work takes the same
		# time on any machine.
		cpu=qemu64
		accel=tcg,thread=single
		clock=(-icount "shift=0,sleep=off" -rtc "base=2024-01-01T00:00:00,clock=vm")
		append+=" nokaslr tsc=reliable random.trust_cpu=off audit=0"
	fi
	# shellcheck disable=SC2054 # the commas are QEMU's
	[ "${#machine[@]}" -gt 0 ] || machine=(-machine pc,hpet=off -cpu "$cpu")
	QEMU_ARGS=(-nodefaults -no-user-config -display none -no-reboot -monitor none
		"${machine[@]}" -accel "$accel" -m 512 -smp "$CPUS" "${clock[@]}"
		-kernel "$KERNEL_IMAGE" -initrd "$1" -append "$append")
}

# The parent-death signal covers the one case that no trap can: kill -9 of this script.
qemu_start() { # CONSOLE RESULTS
	local port=(-serial chardev:results)
	[ -z "$QEMU_RESULTS" ] || port=(-device "virtconsole,chardev=results")
	setpriv --pdeathsig TERM "$PATIENCE" "$TIMEOUT" "$QEMU" "${QEMU_ARGS[@]}" \
		-chardev "file,id=console,path=$1" -serial chardev:console \
		-chardev "file,id=results,path=$2" "${port[@]}" \
		</dev/null >>"$SCRATCH/qemu.log" 2>&1 &
	QEMU_PIDS+=($!)
}

qemu_stop() {
	[ "${#QEMU_PIDS[@]}" -gt 0 ] || return 0
	kill "${QEMU_PIDS[@]}" 2>/dev/null || :
	wait "${QEMU_PIDS[@]}" 2>/dev/null || :
	QEMU_PIDS=()
}

# Sets QEMU_STATUS, to that of the first that failed: 124 is a time-out.
qemu_wait() {
	local pid status
	QEMU_STATUS=0
	for pid in "${QEMU_PIDS[@]}"; do
		status=0
		wait "$pid" || status=$?
		[ "$QEMU_STATUS" -ne 0 ] || QEMU_STATUS=$status
	done
	QEMU_PIDS=()
}

# In the background as well, so that signals to this script are heard; it keeps the terminal.
qemu_shell() {
	setpriv --pdeathsig TERM "$QEMU" "${QEMU_ARGS[@]}" -serial mon:stdio <&0 &
	QEMU_PIDS=($!)
	qemu_wait
}

# /dev/kvm may open and yet hang a guest forever, so it counts only after a kernel has spoken under
# it.
accel_pick() { # sets ACCEL from tcg, kvm or auto
	case $ACCEL in
	tcg) return ;;
	kvm | auto) ;;
	*) no_verdict "unknown accelerator: $ACCEL (tcg, kvm, auto)" ;;
	esac
	if kvm_speaks; then
		ACCEL=kvm
	elif [ "$ACCEL" = kvm ]; then
		no_verdict "KVM does not work here"
	else
		ACCEL=tcg
	fi
	say "accelerator: $ACCEL"
}

kvm_speaks() {
	local log=$SCRATCH/kvm.log
	[ -w /dev/kvm ] || return 1
	# Without an initramfs the kernel panics, and panic=-1 ends QEMU. So a kernel that works
	# ends soon, with a message.
	timeout -k 1 5 "$QEMU" -nodefaults -no-user-config -display none -no-reboot -monitor none \
		-machine pc -accel kvm -cpu host -m 256 -kernel "$KERNEL_IMAGE" \
		-append "console=ttyS0 panic=-1" -serial "file:$log" </dev/null >/dev/null 2>&1 || :
	grep -q 'Kernel panic' "$log" 2>/dev/null
}
