#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# "secmarkctl top" says at once that it cannot show its screen, before it reads anything: without
# ncurses (NCURSES=no), and on a terminal that is unknown or cannot move the cursor.
set -eu

top() { # TERM TEXT: waits for the text, and prints how top ends
	TERM=$1 ./on-screen "$2" '' -- ../src/secmarkctl top
}

refuses() { # TERM WHAT
	said=$(top "$1" "secmarkctl: $2")
	[ "$said" = '1 restored' ] || { echo "TERM=$1: $said"; exit 1; }
}

if [ "$NCURSES" = no ]; then
	refuses vt100 'this secmarkctl is built without ncurses (type secmarkctl top --once)'
	exit 0
fi
hint='(set TERM, or type secmarkctl top --once)'
refuses nonsense "this type of terminal is unknown: 'nonsense' $hint"
refuses dumb "this type of terminal has no way to move the cursor: 'dumb' $hint"
