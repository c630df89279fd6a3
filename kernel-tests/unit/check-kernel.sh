#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Which kernel --kernel names: packages of all layouts, build trees, and what is said about those
# that cannot be used. The packages are already in a cache, so nothing is fetched and nothing boots.
set -euo pipefail

HERE=$(cd "$(dirname "$0")/.." && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export SECMARK2_CACHE=$tmp/cache
# or make names its depth in its messages
unset MAKELEVEL MAKEFLAGS
PATH=$PATH:/usr/sbin:/sbin
for tool in apt-cache apt-get depmod dpkg-deb flock; do
	command -v $tool >/dev/null || { echo "$tool is not installed"; exit 77; }
done

# suite SUITE: apt's files of the suite, which are not a day old
suite() {
	local folder=$SECMARK2_CACHE/apt/$1
	mkdir -p "$folder"/{cache,state/lists/partial} "$SECMARK2_CACHE/show/$1"
	cat >"$folder/apt.conf" <<-END
	Dir::Etc { Main "/dev/null"; Parts "/dev/null"; SourceList "/dev/null";
		SourceParts "/dev/null"; Preferences "/dev/null"; PreferencesParts "/dev/null"; };
	Dir::State "$folder/state";
	Dir::State::status "$folder/status";
	Dir::Cache "$folder/cache";
	APT::Architecture "amd64";
	END
	touch "$folder/status"
	touch -d yesterday+1hour "$folder"/{fresh,log}
}

# package SUITE NAME DEPENDS FILE...: a package of the suite that was unpacked before
package() {
	local name=$2 depends=$3 folder=$SECMARK2_CACHE/packages/$2_1 file
	[[ $1 != *_* ]] || folder+=_${1#*_}
	suite "$1"
	mkdir -p "$folder"
	printf 'Package: %s\nVersion: 1\nDepends: %s\n' "$name" "$depends" \
		>"$SECMARK2_CACHE/show/$1/$name"
	shift 3
	for file; do
		mkdir -p "$folder/${file%/*}"
		echo 'CONFIG_SECURITY_SELINUX=y CONFIG_AUDIT=y CONFIG_NETWORK_SECMARK=y' |
			tr ' ' '\n' >"$folder/$file"
	done
}

# says STATUS KERNEL: the shell functions of run take this kernel, or exit so. They print what is on
# standard input
says() {
	local status=0
	# shellcheck disable=SC2016 # the inner shell expands it
	bash -c 'set -Eeuo pipefail
		HERE=$1 CACHE_FOLDER=$SECMARK2_CACHE
		for part in common arch suite package kernel; do . "$HERE/host/$part.sh"; done
		arch_pick "$3"
		scratch_open
		trap scratch_close EXIT
		kernel_pick "$2" ""
		for file in "$KERNEL_IMAGE" "$KERNEL_CONFIG" "$KERNEL_MODULES"; do
			echo "${file#"$CACHE_FOLDER"/}"
		done
		[ -z "$KERNEL_MODULES" ] || [ -r "$KERNEL_MODULES/modules.dep" ] || echo "no index"
		' run "$HERE" "$2" "$ARCH" >"$tmp/out" 2>&1 || status=$?
	if [ "$status" -ne "$1" ] ||
		! diff -u --label expected --label "--kernel $2" - "$tmp/out"; then
		echo "--kernel $2: exit status $status, expected $1"
		: >"$tmp/failed"
	fi
}

ARCH=amd64
old=6.1.0-57-amd64
package bookworm linux-image-amd64 "linux-image-$old (= 1)"
package bookworm linux-image-$old kmod boot/{vmlinuz,config}-$old \
	lib/modules/$old/modules.{order,builtin,builtin.modinfo}
says 0 bookworm <<END
packages/linux-image-${old}_1/boot/vmlinuz-$old
packages/linux-image-${old}_1/boot/config-$old
packages/linux-image-${old}_1/lib/modules/$old
END

mid=6.12.118+deb13-cloud-amd64
package trixie linux-image-cloud-amd64 "linux-image-$mid (= 1)"
package trixie linux-image-$mid kmod boot/{vmlinuz,config}-$mid \
	usr/lib/modules/$mid/modules.{order,builtin,builtin.modinfo}
says 0 trixie-cloud <<END
packages/linux-image-${mid}_1/boot/vmlinuz-$mid
packages/linux-image-${mid}_1/boot/config-$mid
packages/linux-image-${mid}_1/usr/lib/modules/$mid
END

# since 6.19 the package is empty
new=6.19.14+deb13-amd64
package trixie-backports linux-image-$new \
	"kmod, linux-base-$new (= 1), linux-binary-$new (= 1), linux-modules-$new (= 1)" \
	usr/share/doc/x
package trixie-backports linux-base-$new kmod \
	usr/lib/modules/$new/{config,modules.{order,builtin,builtin.modinfo}}
package trixie-backports linux-binary-$new kmod usr/lib/modules/$new/vmlinuz
package trixie-backports linux-modules-$new kmod usr/lib/modules/$new/kernel/net/x
for name in linux-image-$new $new; do
	says 0 "$name" <<-END
	kernels/linux-image-${new}_1/usr/lib/modules/$new/vmlinuz
	kernels/linux-image-${new}_1/usr/lib/modules/$new/config
	kernels/linux-image-${new}_1/usr/lib/modules/$new
	END
done

# another architecture has lists and packages of its own
ARCH=arm64
foreign=6.1.0-57-cloud-arm64
package bookworm_arm64 linux-image-cloud-arm64 "linux-image-$foreign (= 1)"
package bookworm_arm64 linux-image-$foreign kmod boot/{vmlinuz,config}-$foreign \
	lib/modules/$foreign/modules.{order,builtin,builtin.modinfo}
for name in bookworm-cloud cloud; do
	says 0 $name <<-END
	packages/linux-image-${foreign}_1_arm64/boot/vmlinuz-$foreign
	packages/linux-image-${foreign}_1_arm64/boot/config-$foreign
	packages/linux-image-${foreign}_1_arm64/lib/modules/$foreign
	END
done
ARCH=i386 # its kernel is amd64
says 0 bookworm <<END
packages/linux-image-${old}_1/boot/vmlinuz-$old
packages/linux-image-${old}_1/boot/config-$old
packages/linux-image-${old}_1/lib/modules/$old
END
ARCH=amd64

# what cannot be used
package trixie-backports linux-image-7.0-amd64 kmod usr/share/doc/x
none='run: package linux-image-7.0-amd64 holds no kernel:'
says 125 linux-image-7.0-amd64 <<END
$none neither /boot/vmlinuz-* nor /usr/lib/modules/*/vmlinuz
END
package trixie-backports linux-image-7.1-amd64 kmod usr/lib/modules/7.1-amd64/vmlinuz
says 125 linux-image-7.1-amd64 <<'END'
run: package linux-image-7.1-amd64 has no /usr/lib/modules/7.1-amd64/config
END
package trixie-backports linux-image-7.2-amd64 kmod boot/{vmlinuz,config}-7.2-amd64
says 125 linux-image-7.2-amd64 <<'END'
run: package linux-image-7.2-amd64 has no /usr/lib/modules/7.2-amd64
END

# list SUITE: its package list is there, with no package in it
list() {
	local folder=$SECMARK2_CACHE/apt/$1/state/lists
	mkdir -p "$folder"
	touch "$folder/archive_dists_$1_main_binary-amd64_Packages"
}

# table STATUS KERNEL...: matrix prints what is on standard input below the first line, and exits so
table() {
	local status=0 wanted=$1
	shift
	"$HERE/matrix" --builddir "${builddir:-$HERE}/.." "$@" >"$tmp/out" 2>&1 || status=$?
	sed -i '1{/^    kernel  *module  *passed  *failed  *skipped$/d}' "$tmp/out"
	if ! diff -u --label expected --label "matrix $*" - "$tmp/out" ||
		[ "$status" -ne "$wanted" ]; then
		echo "matrix $*: exit status $status, expected $wanted"
		: >"$tmp/failed"
	fi
}

# nothing was tested
table 125 linux-image-7.0-amd64 <<END
${none/#run/matrix} neither /boot/vmlinuz-* nor /usr/lib/modules/*/vmlinuz
    linux-image-7.0-amd64           not tested
END
# without lists nobody can say what the archive has
for suite in trixie-backports sid experimental; do
	suite $suite
	echo 'E: Failed to fetch it' >"$SECMARK2_CACHE/apt/$suite/log"
done
list trixie-backports
table 125 9.8 linux-image-9.8-amd64 <<'END'
matrix: no package list of sid: E: Failed to fetch it
    9.8                             not tested
matrix: no package list of sid: E: Failed to fetch it
    linux-image-9.8-amd64           not tested
END
list sid
list experimental
table 125 9.8 linux-image-9.8-amd64 <<'END'
matrix: no package named linux-image-9.8*-amd64 in trixie-backports sid experimental
    9.8                             not in the archive
matrix: no package named linux-image-9.8-amd64 in trixie-backports sid experimental
    linux-image-9.8-amd64           not in the archive
END
says 125 9.8 <<'END'
run: no package named linux-image-9.8*-amd64 in trixie-backports sid experimental
END

# headers STATUS RELEASE: what is said about a kernel without headers. 124: the archive lacks them,
# 125: nobody can say
headers() {
	local status=0
	# shellcheck disable=SC2016 # the inner shell expands it
	bash -c 'set -Eeuo pipefail
		for part in common arch suite package kernel headers source; do
			. "$1/host/$part.sh"
		done
		KERNEL_LACKED=124
		scratch_open
		trap scratch_close EXIT
		kernel_package "linux-image-$2"
		headers_unpack "$2"' run "$HERE" "$2" >"$tmp/out" 2>&1 || status=$?
	if ! diff -u --label expected --label "headers $2" - "$tmp/out" ||
		[ "$status" -ne "$1" ]; then
		echo "headers of $2: exit status $status, expected $1"
		: >"$tmp/failed"
	fi
}

# A version is looked for in some suites, and in the first that has it the newest one is taken.

# listed SUITE RELEASE...: kernels that are in the list of the suite
listed() {
	local release suite=$1
	suite "$suite"
	shift
	for release; do
		printf '%s\n' "Package: linux-image-$release" 'Status: install ok installed' \
			'Architecture: amd64' 'Version: 1' '' >>"$SECMARK2_CACHE/apt/$suite/status"
		[ -e "$SECMARK2_CACHE/show/$suite/linux-image-$release" ] ||
			package "$suite" "linux-image-$release" kmod \
				"boot/vmlinuz-$release" "boot/config-$release" \
				"lib/modules/$release/modules.order"
	done
}

# takes KERNEL SUITE RELEASE
takes() {
	local got
	# shellcheck disable=SC2016 # the inner shell expands it
	got=$(bash -c 'set -Eeuo pipefail
		for part in common arch suite package kernel; do . "$1/host/$part.sh"; done
		kernel_package "$2"
		echo "$PACKAGE_SUITE ${KERNEL_PACKAGE#linux-image-}"' run "$HERE" "$1" 2>&1) || :
	[ "$got" = "$2 $3" ] || {
		echo "--kernel $1 takes $got, expected $2 $3"
		: >"$tmp/failed"
	}
}

listed bullseye 5.10.0-46-amd64 6.1.0-99-amd64
listed bookworm 6.1.0-9-amd64 $old 6.1.0-8-amd64 6.1.0-58-cloud-amd64 6.1.0-59-rt-amd64 \
	6.1.0-60-amd64-dbg 6.1-amd64-unsigned 6.10.9-amd64
listed bookworm-backports 6.12.9+deb12-amd64
listed trixie 6.12.117+deb13-amd64 6.12.118+deb13-amd64 6.1.0-99-amd64 6.11.4+deb13-amd64
listed trixie-backports 6.12.119+deb13-amd64 8.3.1+deb13-amd64 8.3.12+deb13-amd64
listed sid 8.3.13-amd64 7.9.5-amd64 7.9.12-amd64
listed experimental 7.9.13-amd64 7.10-amd64
takes 5.10 bullseye 5.10.0-46-amd64
takes 6.1 bookworm $old
takes 6.1-cloud bookworm 6.1.0-58-cloud-amd64
takes 6.1.0 bookworm $old
takes 6.10 bookworm 6.10.9-amd64
takes 6.11 trixie 6.11.4+deb13-amd64
takes 6.12 bookworm-backports 6.12.9+deb12-amd64
takes 6.12.118 trixie 6.12.118+deb13-amd64
takes 8.3 trixie-backports 8.3.12+deb13-amd64
takes 7.9 sid 7.9.12-amd64
takes 7.10 experimental 7.10-amd64
takes linux-image-6.11.4+deb13-amd64 trixie 6.11.4+deb13-amd64
takes 7.9.13-amd64 experimental 7.9.13-amd64
takes experimental experimental 7.10-amd64

echo "E: Failed to fetch it" >"$SECMARK2_CACHE/apt/bookworm/log"
headers 125 $old <<'END'
run: no package list of bookworm: E: Failed to fetch it
END
list bookworm
headers 124 $old <<END
run: no package named linux-headers-$old in bookworm
END
# an archive that cannot be reached says nothing about its sources
if [ -r /usr/share/keyrings/debian-archive-keyring.gpg ]; then
	none='E: The method driver /usr/lib/apt/methods/nosuch could not be found.'
	package trixie-backports linux-image-1-amd64 \
		"linux-base-1-amd64 (= 1), linux-binary-1-amd64 (= 1)" usr/share/doc/x
	package trixie-backports linux-base-1-amd64 kmod \
		usr/lib/modules/1-amd64/{config,modules.dep}
	package trixie-backports linux-binary-1-amd64 kmod usr/lib/modules/1-amd64/vmlinuz
	export SECMARK2_MIRROR=nosuch://archive APT_CONFIG=$tmp/apt.conf
	printf 'Dir::Etc { SourceList "/dev/null"; SourceParts "/dev/null"; };\n' >"$APT_CONFIG"
	headers 125 1-amd64 <<-END
	run: cannot fetch the list of sources of trixie-backports: $none
	END
	# but the lists that are there will do. It is not asked again for every package
	touch -d '2 days ago' "$SECMARK2_CACHE/apt/bookworm/fresh"
	says 0 bookworm <<-END
	run: the package lists of bookworm are old: $none
	packages/linux-image-${old}_1/boot/vmlinuz-$old
	packages/linux-image-${old}_1/boot/config-$old
	packages/linux-image-${old}_1/lib/modules/$old
	END
	says 0 bookworm <<-END
	packages/linux-image-${old}_1/boot/vmlinuz-$old
	packages/linux-image-${old}_1/boot/config-$old
	packages/linux-image-${old}_1/lib/modules/$old
	END
	[ -n "$(find "$SECMARK2_CACHE/apt/bookworm/fresh" -mmin +1420)" ] || {
		echo "old lists count as new"
		: >"$tmp/failed"
	}
	unset SECMARK2_MIRROR APT_CONFIG
fi

# path KERNEL WANTED: in a folder with files of these names
mkdir -p "$tmp/here/linux" "$tmp/here/folder"
touch "$tmp/here/"{bzImage,vmlinuz-6.1,6.1,linux-image-6.1-amd64,linux/.config}
path() {
	local got
	# shellcheck disable=SC2016 # the inner shell expands it
	got=$(cd "$tmp/here" && bash -c 'EXIT_NO_VERDICT=125; . "$1/host/kernel.sh"
		kernel_path "$2"' run "$HERE" "$1")
	[ "$got" = "$2" ] || {
		echo "--kernel $1 is $got, expected $2"
		: >"$tmp/failed"
	}
}
path bzImage ./bzImage
path vmlinuz-6.1 ./vmlinuz-6.1
path linux ./linux
path folder folder
path 6.1 6.1
path linux-image-6.1-amd64 linux-image-6.1-amd64
path trixie trixie
path ../bzImage ../bzImage

names='name a suite (trixie, bookworm-backports), a version (6.12), a package (linux-image-6...), '
names+='a file, a build tree, or running'
for name in 'x y' linux-image-amd64 linux-headers-7.2-amd64 '' Trixie; do
	says 125 "$name" <<-END
	run: no kernel is called '$name': $names
	END
done
says 125 "$tmp/bzImage" <<END
run: no kernel at $tmp/bzImage
END

# build trees
tree=$tmp/linux
mkdir -p "$tree/arch/x86/boot"
says 125 "$tree" <<END
run: no built kernel in $tree: arch/x86/boot/bzImage is missing
END
touch "$tree/arch/x86/boot/bzImage"
says 125 "$tree" <<END
run: no built kernel in $tree: .config is missing
END
cp "$SECMARK2_CACHE/packages/linux-image-${old}_1/boot/config-$old" "$tree/.config"
says 0 "$tree" <<END
$tree/arch/x86/boot/bzImage
$tree/.config

END
echo net/x.ko >"$tree/modules.order"
says 125 "$tree" <<END
run: make modules_install in $tree: make: *** No rule to make target 'modules_install'.  Stop.
END
sed -i /AUDIT/d "$tree/.config"
rm "$tree/modules.order"
says 125 "$tree" <<'END'
run: this kernel has no CONFIG_AUDIT
END

[ ! -e "$tmp/failed" ]
