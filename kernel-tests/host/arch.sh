# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The architecture of the guest, by Debian's name. This machine is always amd64. Programs of another
# architecture, and their libraries, are in a sysroot. QEMU emulates that processor. i386 programs
# have an amd64 kernel.

# shellcheck disable=SC2034 # other files read these
{
	ARCH=amd64
	ARCH_TRIPLET= # empty for amd64, as SYSROOT and KERNEL_TRIPLET
	SYSROOT=
	KERNEL_ARCH=amd64
	KERNEL_TRIPLET=
	KERNEL_KBUILD=       # what kbuild calls it
	KERNEL_FLAVOUR=-cloud # of the kernel that boots fastest
	KERNEL_FILE=arch/x86/boot/bzImage # in a build tree of the kernel
	QEMU=qemu-system-x86_64
	QEMU_MACHINE=() # empty for amd64
	QEMU_CONSOLE=ttyS0
	QEMU_RESULTS=         # the guest's device for results, if it is no second serial port
	QEMU_RESULTS_DRIVER=() # its modules
}

# shellcheck disable=SC2034 # as above
arch_pick() { # ARCH
	case $1 in
	amd64) return ;;
	i386) ARCH_TRIPLET=i386-linux-gnu ;;
	arm64)
		ARCH_TRIPLET=aarch64-linux-gnu
		KERNEL_KBUILD=arm64
		KERNEL_FILE=arch/arm64/boot/Image
		QEMU=qemu-system-aarch64
		QEMU_MACHINE=(-machine virt -cpu cortex-a57
			-device "virtio-serial-pci,max_ports=2")
		QEMU_CONSOLE=ttyAMA0
		;;
	s390x)
		ARCH_TRIPLET=s390x-linux-gnu
		KERNEL_KBUILD=s390
		KERNEL_FLAVOUR=
		KERNEL_FILE=arch/s390/boot/bzImage
		QEMU=qemu-system-s390x
		QEMU_MACHINE=(-machine s390-ccw-virtio -cpu max
			-device "virtio-serial-ccw,max_ports=2")
		QEMU_CONSOLE=ttysclp0
		;;
	*) no_verdict "unknown architecture: $1 (amd64, i386, arm64, s390x)" ;;
	esac
	[ "$(uname -m)" = x86_64 ] || no_verdict "--arch needs an amd64 machine"
	ARCH=$1
	[ "$ARCH" != i386 ] || return 0
	KERNEL_ARCH=$ARCH
	KERNEL_TRIPLET=$ARCH_TRIPLET
	QEMU_RESULTS=/dev/hvc0
	QEMU_RESULTS_DRIVER=(virtio_pci virtio_console)
}
