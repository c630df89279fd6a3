# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A whole Debian as a folder in the cache, made by debootstrap, with the kernel that boots it. It
# needs root, because its files belong to several users.

DISTRO=      # the folder in the cache: root/, initrd, and the log of debootstrap
DISTRO_FAILS=5
DISTRO_OFFLINE=77 # exit status: no Debian can be downloaded here
# debootstrap does not find out by itself who provides something: libpam-systemd has logind for
# polkitd, dbus-user-session the bus of a session for firefox-esr
DISTRO_PACKAGES=(systemd-sysv udev dbus libpam-systemd kmod procps iproute2
	selinux-policy-default selinux-utils policycoreutils auditd
	iptables nftables firewalld iptables-persistent netfilter-persistent conntrack
	nginx-light openssh-server curl netcat-openbsd
	git wget bind9-dnsutils policycoreutils-python-utils firefox-esr dbus-user-session
	docker.io podman netavark busybox-static
	libnftables1 libmnl0 libjansson4 libkmod2 libip4tc2 libip6tc2 libxtables12)

# Prints the kernel of kernel_pick() that a suite is booted with.
distro_kernel() { # SUITE
	case $1 in
	bookworm) echo bookworm-cloud ;;
	trixie) echo trixie ;;
	*) no_verdict "unknown suite: $1 (bookworm, trixie)" ;;
	esac
}

# The archive that this machine's own packages come from.
distro_archive() {
	apt-get indextargets --format "\$(LABEL) \$(SITE)" 'Created-By: Packages' |
		sed -n 's/^Debian //p' | head -n 1
}

distro_pick() { # SUITE: sets DISTRO; after kernel_pick()
	local suite=$1 key part
	need_tools debootstrap setfiles mkfs.ext4 busybox
	[ "$(id -u)" -eq 0 ] || no_verdict "only root can make a whole Debian"
	key=$(cat "$HERE/../host/distro_root.sh" - <<<"${KERNEL_MODULES##*/}" | sha256sum)
	DISTRO=$CACHE/distro/$suite-${key:0:12}
	[ ! -d "$DISTRO" ] || return 0
	say "making a whole Debian: $suite"
	part=$(part_open "$CACHE/distro")
	distro_make "$suite" "$part"
	mv -T "$part" "$DISTRO" 2>/dev/null || rm -rf "$part"
}

distro_make() { # SUITE FOLDER
	local folder=$2 packages=("${DISTRO_PACKAGES[@]}")
	case $1 in
	bookworm) packages+=(libvirt-daemon-system libvirt-clients dnsmasq-base) ;;
	# debootstrap cannot configure libvirt-daemon-driver-qemu of Debian 13
	trixie) packages+=(docker-cli) ;;
	esac
	distro_debootstrap "$1" "$folder" "${packages[@]}"
	distro_add_kernel "$folder"
	distro_settle "$folder/root"
	setfiles -r "$folder/root" "$folder/root/etc/selinux/default/contexts/files/file_contexts" \
		"$folder/root" >>"$folder/log" 2>&1
}

distro_debootstrap() { # SUITE FOLDER PACKAGE...: makes FOLDER/root and FOLDER/log
	local suite=$1 folder=$2 packages
	shift 2
	packages=$(IFS=, && echo "$*")
	# what it mounts goes with it, even if it is killed
	with_own_mounts "$folder" debootstrap --variant=minbase --include="$packages" "$suite" \
		"$folder/root" "$(distro_archive)" >"$folder/log" 2>&1 ||
		distro_fail "$suite" "$folder/log"
}

distro_fail() { # SUITE LOG
	tail -n "$DISTRO_FAILS" "$2" >&2
	# what debootstrap says if it gets no file from the archive
	if grep -qE "^E: (Failed getting release|Couldn't download)" "$2"; then
		echo "no archive of Debian can be reached" >&2
		exit "$DISTRO_OFFLINE"
	fi
	no_verdict "debootstrap cannot make $1"
}

distro_add_kernel() { # FOLDER
	local release=${KERNEL_MODULES##*/}
	mkdir -p "$1/root/usr/lib/modules"
	cp -a "$KERNEL_MODULES" "$1/root/usr/lib/modules/"
	depmod -b "$1/root" "$release"
	distro_initrd "$1/root" "$release" >"$1/initrd"
}

# It finds the disk, and gives the rest to systemd.
distro_initrd() { # ROOT RELEASE
	local stage file n=10
	stage=$(mktemp -d "$SCRATCH/initrd.XXXXXX")
	mkdir -p "$stage"/{bin,modules,proc,dev,root}
	cp -L "$(command -v busybox)" "$stage/bin/"
	ln -s busybox "$stage/bin/sh"
	while read -r file; do
		n=$((n + 1))
		cp "$file" "$stage/modules/$n-${file##*/}"
		case $file in
		*.xz) xz -d "$stage/modules/$n-${file##*/}" ;;
		*.zst) zstd -dq --rm "$stage/modules/$n-${file##*/}" ;;
		esac
	done < <(distro_boot_modules "$1" "$2")
	cat >"$stage/init" <<-'END'
		#!/bin/sh
		b=/bin/busybox
		$b mount -t proc none /proc
		$b mount -t devtmpfs none /dev
		for module in /modules/*; do $b insmod $module; done
		$b mount -t ext4 /dev/vda /root
		$b mount --move /dev /root/dev
		$b umount /proc
		exec $b switch_root /root /sbin/init
	END
	chmod +x "$stage/init"
	(cd "$stage" && find . -print0 | cpio -0 -o -H newc --quiet | gzip -1)
}

# Prints the files of the modules that the first disk needs, in the order of loading, each once.
distro_boot_modules() { # ROOT RELEASE
	local module
	for module in virtio_pci virtio_blk crc32c_generic ext4; do
		modprobe -d "$1" -S "$2" --show-depends "$module" 2>/dev/null || :
	done | awk '/^insmod/ && !seen[$2]++ { print $2 }'
}

# Nothing loads firewall rules before a case says so, and no timer disturbs one.
distro_settle() { # ROOT
	local unit quiet=(nftables firewalld netfilter-persistent containerd docker.{service,socket}
		podman.{service,socket} podman-{restart,auto-update}.service cron
		libvirtd.{service,socket} libvirtd-{ro,admin}.socket
		virt{log,lock}d{,-admin}.socket libvirt-guests)
	local timers=(apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer
		dpkg-db-backup.timer systemd-tmpfiles-clean.timer logrotate.timer
		podman-auto-update.timer)
	for unit in "${quiet[@]}"; do
		# not each suite has each of them
		systemctl --root="$1" disable "$unit" >/dev/null 2>&1 || :
	done
	systemctl --root="$1" enable nginx ssh auditd >/dev/null 2>&1
	systemctl --root="$1" mask serial-getty@ttyS0.service "${timers[@]}" >/dev/null 2>&1
	echo '/dev/vda / ext4 defaults 0 1' >"$1/etc/fstab"
	echo guest >"$1/etc/hostname"
	echo '127.0.0.1 localhost guest' >"$1/etc/hosts"
	sed -i 's/^SELINUX=.*/SELINUX=enforcing/' "$1/etc/selinux/config"
	rm -rf "$1/var/cache/apt/archives" "$1/var/lib/apt/lists"
	mkdir -p "$1/var/cache/apt/archives/partial" "$1/var/lib/apt/lists/partial"
}
