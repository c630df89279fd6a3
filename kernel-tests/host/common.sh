# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What every host file uses: messages, the cache, the scratch folder, the three exit codes.

# Exit codes of `git bisect run`: 0 and 1 are verdicts on the kernel, 125 means that there is none.
# shellcheck disable=SC2034 # other files use it, and CACHE
EXIT_GOOD=0
# shellcheck disable=SC2034
EXIT_BAD=1
EXIT_NO_VERDICT=125

# PATH may lack the folders of depmod, iptables and others.
PATH=$PATH:/usr/sbin:/sbin

# The options of a make that runs this are not for the makes below it.
unset MAKEFLAGS MFLAGS MAKELEVEL

# shellcheck disable=SC2034
CACHE=${SECMARK2_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/secmark2}
SCRATCH=

say() { # for people: on a terminal only
	if [ -t 2 ]; then
		printf '# %s\n' "$*" >&2
	fi
}

no_verdict() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit "$EXIT_NO_VERDICT"
}

need_tools() {
	local tool
	for tool; do
		command -v "$tool" >/dev/null || no_verdict "$tool is not installed"
	done
}

# with_own_mounts FOLDER COMMAND...: what the command mounts below the folder is there for itself
# alone, and goes with it.
with_own_mounts() {
	local how=(--mount)
	[ "$(id -u)" -eq 0 ] || how+=(--map-root-user)
	# The root of a chroot is no mount, so only the folder can be made private.
	mountpoint -q / || how+=(--propagation unchanged)
	# shellcheck disable=SC2016 # the inner shell expands it
	unshare "${how[@]}" bash -c '
		folder=$1 status=0
		shift
		mount --bind "$folder" "$folder" && mount --make-private "$folder" || exit
		"$@" || status=$?
		umount --lazy "$folder"
		exit "$status"' own-mounts "$@"
}

scratch_open() {
	SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/secmark2.XXXXXX") ||
		no_verdict "cannot make a scratch folder"
}

# A folder of the cache is made under another name and renamed when it is complete. scratch_close
# removes an incomplete one.
part_open() { # FOLDER: prints a new part folder in it
	local part
	mkdir -p "$1" && part=$(mktemp -d "$1/.part.XXXXXX") || return
	[ -z "$SCRATCH" ] || printf '%s\n' "$part" >>"$SCRATCH/parts"
	printf '%s\n' "$part"
}

cache_check() {
	local advice="set SECMARK2_CACHE to a folder that can be written to"
	{ mkdir -p "$CACHE" && [ -w "$CACHE" ]; } 2>/dev/null ||
		no_verdict "cannot write to the cache $CACHE ($advice)"
}

scratch_close() {
	local part
	[ -n "$SCRATCH" ] || return 0
	if [ -s "$SCRATCH/parts" ]; then
		while IFS= read -r part; do
			rm -rf "$part"
		done <"$SCRATCH/parts"
	fi
	rm -rf "$SCRATCH"
	SCRATCH=
}
