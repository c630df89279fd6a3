#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The files and folders that README, HACKING, docs/ and the READMEs of kernel-tests name exist, and
# the version stands once.
set -euo pipefail

top=$(cd "${srcdir:-.}/.." && pwd)
cd "$top"
status=0

fault() {
	echo "$*"
	status=1
}

# words FILE: what may be a path, one a line
words() {
	tr -cs 'A-Za-z0-9_./~*-' '\n' < "$1" |
		sed -e 's|^\./||' -e 's|^SOURCES/||' -e 's|[./]*$||' | sort -u
}

# exists WORD FOLDER: in the tree, or in the folder of the document. A name without a folder may be
# anywhere.
exists() {
	compgen -G "$1" > /dev/null || compgen -G "$2/$1" > /dev/null ||
		{ [[ $1 != */* ]] && [ -n "$(find . -name "$1" -print -quit)" ]; }
}

# stands_for WORD FOLDER: X, AREA and the like stand for a name: backend_X.c, cases/AREA
stands_for() {
	local pattern
	pattern=$(sed -E 's,(^|[_/.])(X|AREA|NAME|FILE)([_/.]|$),\1*\3,g' <<< "$1")
	[ "$pattern" != "$1" ] && exists "$pattern" "$2"
}

# A word is a path if it begins with a folder of the tree, or ends as our sources do.
is_path() {
	case $1 in
	toy* | */toy*) return 1 ;;	# HACKING's examples
	*.pp) return 1 ;;		# made by the command before
	lib/* | src/* | docs/* | extensions/* | policy/* | tests/*) return 0 ;;
	kernel-tests/* | scripts/*) return 0 ;;
	guest/* | host/* | cases/* | bench/* | debian/*) return 0 ;;
	*/*) return 1 ;;
	?*.c | ?*.h | ?*.sh | ?*.cil | ?*.am | ?*.man) return 0 ;;
	?*.cases | ?*.expected | ?*.dict | ?*.awk) return 0 ;;
	esac
	return 1
}

check_names() { # FILE
	local word n=0
	while read -r word; do
		is_path "$word" || continue
		n=$((n + 1))
		exists "$word" "$(dirname "$1")" || stands_for "$word" "$(dirname "$1")" ||
			fault "$1 names $word, which does not exist"
	done < <(words "$1")
	[ $n -gt 0 ] || fault "$1 names no file"
}

check_version() {
	local pattern files
	pattern="(^|[^0-9.])${PACKAGE_VERSION//./\\.}($|[^0-9.]|\\.$)"
	# a build in the tree itself writes the version into Makefile and Kbuild
	files=$(find README HACKING configure.ac Makefile.am \
		lib src extensions policy tests kernel-tests scripts \
		-type f \( -name '*.[ch]' -o -name '*.am' -o -name '*.ac' -o -name '*.in' \
		-o -name '*.man' -o -name '*.sh' -o -name '*.t' -o -name '*.te' -o -name '*.if' \
		-o -name '*.cil' -o -name '*.cases' -o -name '*.expected' -o ! -name '*.*' \) \
		-exec grep -lIE "$pattern" {} + | grep -Ev '/(Makefile|Kbuild)$') || true
	[ "$files" = configure.ac ] ||
		fault "the version $PACKAGE_VERSION stands in: ${files//$'\n'/ }"
	[ "$(grep -m 1 -E '^[0-9]+\.[0-9.]+$' NEWS)" = "$PACKAGE_VERSION" ] ||
		fault "the first entry of NEWS is not for $PACKAGE_VERSION"
}

for document in README HACKING docs/*.md kernel-tests/README kernel-tests/bench/README; do
	check_names "$document"
done
check_version
exit $status
