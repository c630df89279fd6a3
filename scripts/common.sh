# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Shared by scripts/demo, scripts/check and scripts/fuzz: packages, builds outside the sources, and
# the results of guests.

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD=$TOP/build
PATH=$PATH:/usr/sbin:/sbin
# shellcheck source=kernel-tests/host/suite.sh
. "$TOP/kernel-tests/host/suite.sh"

# shellcheck source=kernel-tests/host/tap.sh
. "$TOP/kernel-tests/host/tap.sh"

# shellcheck disable=SC2034 # the scripts that source this file use it
# Packages to build, and to boot a guest.
PACKAGES_BUILD=(autoconf automake libtool make gcc pkg-config libc6-dev
	libxtables-dev libip4tc-dev libip6tc-dev libnftables-dev libmnl-dev libjansson-dev
	libkmod-dev libncurses-dev libselinux1-dev libsepol-dev iptables iproute2 secilc
	qemu-system-x86 busybox-static cpio kmod xz-utils zstd binutils pahole)
# Packages to run every test.
# shellcheck disable=SC2034 # the scripts that source this file use it
PACKAGES_CHECK=(libcmocka-dev valgrind clang-format shellcheck cppcheck sparse dkms perl man-db
	libasan8 libubsan1 semodule-utils policycoreutils selinux-policy-dev checkpolicy nftables
	gcc-multilib clang libclang-rt-dev systemd strace debootstrap e2fsprogs openssh-client
	setools curl libxml2-utils netlabel-tools)

# Prints the packages to build for another architecture, and to boot a guest of it.
packages_of_arch() { # ARCH
	case $1 in
	arm64) printf '%s\n' gcc-aarch64-linux-gnu qemu-system-arm ;;
	s390x) printf '%s\n' gcc-s390x-linux-gnu qemu-system-s390x ;;
	esac
}

die() {
	echo "${0##*/}: $*" >&2
	exit 1
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

# missing_packages NAME...: prints the packages that are not installed. Another one may provide a
# package: libselinux-dev is libselinux1-dev in newer suites
missing_packages() {
	local name installed
	# shellcheck disable=SC2016 # dpkg-query expands it
	installed=$(dpkg-query -W -f '${db:Status-Status}\t${Package}, ${Provides}\n' |
		sed -n 's/^installed\t//p' | tr ',' '\n' | sed 's/^ *//; s/ .*//')
	for name; do
		grep -qxF "$name" <<<"$installed" || echo "$name"
	done
}

# The harness downloads kernels with apt. Versions in an old package list are no longer there.
update_package_lists() {
	local recent
	recent=$(find /var/lib/apt/lists -name '*Packages*' -mmin -1440 -print -quit 2>/dev/null) ||
		true
	# without a network the harness uses its cache
	[ -n "$recent" ] || as_root apt-get -q update >/dev/null 2>&1 || true
}

# need_packages NAME...: lists the Debian packages that are missing, and installs them. Some exclude
# others, as gcc-multilib does with the cross compilers: it lists these, too
need_packages() {
	local missing excluded
	command -v apt-get >/dev/null ||
		die "this needs Debian; README lists the packages for others"
	mapfile -t missing < <(missing_packages "$@")
	if [ "${#missing[@]}" -eq 0 ]; then
		update_package_lists
		return
	fi
	echo "==> Debian packages that will be installed: ${missing[*]}"
	[ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
		die "run this as root, or install sudo"
	as_root apt-get -q update >/dev/null
	excluded=$(apt-get -s install --no-install-recommends "${missing[@]}" 2>/dev/null |
		sed -n 's/^Remv \([^ ]*\).*/\1/p' | paste -sd ' ') || true
	[ -z "$excluded" ] ||
		echo "==> Debian packages that exclude them, and will be removed: $excluded"
	as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get -qq install -y --no-install-recommends "${missing[@]}" \
		</dev/null >/dev/null ||
		die "the packages could not be installed"
}

# Copies the sources to build/src, so that a build in the tree itself does no harm.
copy_sources() {
	rm -rf "$BUILD/src"
	mkdir -p "$BUILD/src"
	if git -C "$TOP" rev-parse --git-dir >/dev/null 2>&1; then
		(cd "$TOP" && git ls-files -z -co --exclude-standard |
			while IFS= read -r -d '' file; do
				[ ! -e "$file" ] || printf '%s\0' "$file"
			done | cpio -0 -pdm --quiet "$BUILD/src")
	else
		(cd "$TOP" && find . -path ./build -prune -o -type f -print0 |
			cpio -0 -pdm --quiet "$BUILD/src")
		(cd "$BUILD/src" && { [ ! -f Makefile ] || make -s distclean; })
	fi
	(cd "$BUILD/src" && autoreconf -fi >"$BUILD/autoreconf.log" 2>&1) || {
		cat "$BUILD/autoreconf.log" >&2
		die "autoreconf failed"
	}
}

# build_tree NAME CONFIGURE-OPTION...: builds into build/NAME the sources of build/src, or of
# build/$SOURCES
build_tree() {
	local name=$1 log=$BUILD/$1.log
	shift
	mkdir -p "$BUILD/$name"
	if (cd "$BUILD/$name" && "../${SOURCES:-src}/configure" -q "$@" && make -s -j"$(nproc)") \
		>"$log" 2>&1; then
		return 0
	fi
	tail -n 40 "$log" >&2
	return 1
}

# Why a test may be skipped although all packages are installed: a kernel, this machine or the
# archive lacks what no package brings. Another reason may hide a fault.
SKIPS_ALLOWED=(
	# kernel_skip_reasons() compares these two with the kernel's configuration
	"this kernel takes no rules from 32-bit programs"
	"this kernel has no legacy iptables with SECMARK"
	# kernels before 6.4; new ones, 7.3 among them
	"this kernel checks the label of the kernel for MPTCP"
	"this kernel has no UDP-Lite"
	# --arch arm64, --arch s390x
	"the program for 32 bits is not built"
	# iptables-test
	"the archive cannot be reached"
	# check-format
	"clang-format * is here, and only version * gives a verdict"
	# check-no-selinux.sh, check-plugins.sh
	"this machine has SELinux"
	"the answers would depend on this machine's policy; the kernel tests test this instead"
	# check-programs.sh
	"this machine has a policy of its own"
	"this needs a mount namespace, and a folder /etc/selinux"
	# check-memory.sh
	"this cannot be tested with sanitizers"
	# test_boot
	"this needs mounts of its own"
	"only root can make a whole Debian, and sudo asks for a password"
)

# Prints the reasons that are not allowed, one a line, each once.
skips_forbidden() { # reasons are standard input, one a line
	local reason allowed
	LC_ALL=C sort -u | while IFS= read -r reason; do
		for allowed in "${SKIPS_ALLOWED[@]}"; do
			# shellcheck disable=SC2053 # it is a pattern
			[[ $reason != $allowed ]] || continue 2
		done
		printf '%s\n' "${reason:-without a reason}"
	done
}

# kernel_tests NAME COMMAND...: one run of the harness; adds its TAP output to passed, failed and
# skipped. If its exit status and its results disagree, that is one more failure. 77 says that what
# it needs is not there: all of its results say so, too. A reason to skip that is not allowed is one
# more failure.
kernel_tests() {
	local name=$1 status=0 log=$BUILD/$1.tap good wrong forbidden began=$SECONDS
	shift
	"$@" >"$log" </dev/null || status=$?
	grep -vE '^(ok|[0-9]+\.\.)' "$log" || true
	tap_start
	tap_count <"$log"
	passed=$((passed + TAP_OK))
	skipped=$((skipped + TAP_SKIP))
	failed=$((failed + TAP_BAD))
	wrong=$(tap_disagrees "$status")
	if [ "$status" -eq 77 ] && { [ "$TAP_SKIP" -eq 0 ] ||
		[ "$(tap_reasons)" != "nothing ran: $TAP_SKIP skipped" ]; }; then
		wrong="exit status 77, but not all results are skipped"
	fi
	if [ "$TAP_SKIP" -gt 0 ]; then
		forbidden=$(printf %s "$TAP_SKIP_REASONS" | skips_forbidden)
		[ -z "$forbidden" ] || wrong+="${wrong:+; }skipped: ${forbidden//$'\n'/; }"
	fi
	good=$((TAP_OK + TAP_SKIP))
	wrong=${wrong:+ ($wrong)}
	echo "$name: $good of $((good + TAP_BAD)) cases passed, exit $status$wrong," \
		"$((SECONDS - began)) s"
	if [ -n "$wrong" ] || { [ "$status" -ne 0 ] && [ "$status" -ne 77 ] &&
		[ "$TAP_BAD" -eq 0 ]; }; then
		failed=$((failed + 1))
	fi
}
