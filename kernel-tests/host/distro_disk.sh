# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The disk of one boot: the Debian of the cache, what "make install" would add to it, and the
# scripts that run in it.

# What runs as root logs in with these, and would have this domain.
DISTRO_CONTEXT=unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023

distro_disk() { # FILE SCRIPT...: the file and the cache are on one file system
	local file=$1 stage=${1%/*}/root add=$SCRATCH/add
	shift
	mkdir -p "$add"
	distro_install "$add"
	distro_add_scripts "$add" "$@"
	# hard links, so no file may be written to: each is replaced
	cp -al "$DISTRO/root" "$stage"
	cp -a --remove-destination "$add/." "$stage/"
	[ -z "$MODULE" ] || distro_module "$stage"
	distro_label "$stage" "$add"
	truncate -s 3G "$file"
	mkfs.ext4 -q -d "$stage" "$file" || no_verdict "mkfs.ext4 cannot make the disk"
	rm -rf "$stage" "$add"
}

# Puts the module into the policy, with that Debian's own semodule, and labels what it has written.
distro_module() { # ROOT
	local root=$1 folder log=$SCRATCH/semodule.log
	for folder in etc/selinux var/lib/selinux; do
		rm -r "${root:?}/$folder"
		cp -a "$DISTRO/root/$folder" "$root/$folder"
	done
	cp "$MODULE" "$root/"
	chroot "$root" semodule -n -s default -i "/${MODULE##*/}" >"$log" 2>&1 ||
		no_verdict "semodule: $(tail -n 1 "$log")"
	rm "$root/${MODULE##*/}"
	setfiles -r "$root" "$root/etc/selinux/default/contexts/files/file_contexts" \
		"$root"/{etc,var/lib}/selinux >>"$log" 2>&1 ||
		no_verdict "setfiles: $(tail -n 1 "$log")"
}

# The others have their labels in the cache.
distro_label() { # ROOT FOLDER: labels in the root what the folder has
	local root=$1 log=$SCRATCH/setfiles.log
	(cd "$2" && find . -mindepth 1 -printf "$root/%P\n") |
		setfiles -r "$root" -f - "$root/etc/selinux/default/contexts/files/file_contexts" \
			>"$log" 2>&1 || no_verdict "setfiles: $(tail -n 1 "$log")"
}

distro_install() { # FOLDER
	local log=$SCRATCH/install.log
	if [ -n "$DISTRO_BUILDER" ]; then
		distro_build "$1"
	else
		make -s -C "$BUILDDIR" DESTDIR="$1" install >"$log" 2>&1 ||
			no_verdict "make install: $(tail -n 1 "$log")"
	fi
}

distro_add_scripts() { # FOLDER SCRIPT...
	local root=$1 folder=$1/root/tests unit=$1/etc/systemd/system/secmark2-tests.service
	shift
	mkdir -p "$folder" "$root/etc/secmark2" "$root/etc/systemd/system/default.target.wants"
	cp "$@" "$HERE"/guest/* "$folder/"
	printf '%s\n' "${@##*/}" >"$folder/scripts"
	# modprobe does not find it there
	install -D -m 644 "$MODULE_FILE" \
		"$root/usr/lib/modules/${KERNEL_PACKAGE#linux-image-}/secmark2/xt_secmark2.ko"
	cp "$HERE/guest/plan" "$root/etc/secmark2/plan"
	session_allow "$root"
	cat >"$unit" <<-END
		[Unit]
		After=multi-user.target nginx.service ssh.service
		[Service]
		Type=oneshot
		SELinuxContext=$DISTRO_CONTEXT
		ExecStart=/bin/bash /root/tests/main
		StandardOutput=tty
		StandardError=tty
		TTYPath=/dev/ttyS1
	END
	ln -s "../${unit##*/}" "$root/etc/systemd/system/default.target.wants/"
	systemctl --root="$root" enable secmark2.service >/dev/null 2>&1
}
