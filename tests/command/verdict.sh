# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# For scripts that compare what commands say, to the letter. They exit with $failed.
failed=0

is() { # SENTENCE HAVE WANT
	[ "$2" = "$3" ] && return
	printf '%s:\nhave: %s\nwant: %s\n' "$1" "$2" "$3"
	# shellcheck disable=SC2034 # the scripts read it
	failed=1
}

# What a command prints, and its exit status.
says() { # COMMAND...
	status=0
	"$@" > said 2>&1 < /dev/null || status=$?
	cat said
	echo "= $status"
}
