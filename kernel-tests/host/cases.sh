# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Which case files there are. A folder below cases/ is an area.

CASES=$HERE/cases
CASE_FILES=()
CASE_PATHS=() # the same files as the guest has them and messages name them: AREA/NAME
CASE_LIST=    # one line a case: file, tab, name, tab, deny or allow

# Prints the areas, one a line.
cases_areas() {
	find "$CASES" -mindepth 1 -type d -printf '%P\n' | LC_ALL=C sort
}

cases_pick() { # AREA...: sets CASE_FILES; without an area: all cases
	local area
	local -a folders=("$CASES")
	[ $# -eq 0 ] || folders=("${@/#/$CASES/}")
	for area; do
		cases_areas | grep -xF -e "$area" >/dev/null ||
			no_verdict "no area '$area' ($(cases_areas | paste -sd , | sed 's/,/, /g'))"
	done
	mapfile -t CASE_FILES < <(find "${folders[@]}" -name '*.cases' | LC_ALL=C sort -u)
}

# The guest has all case files in one tree. Files of cases/ are at the same place there, files of
# debian/ are below debian/, and any others are at the top.
cases_place() { # sets CASE_PATHS
	local file path
	local -A taken
	CASE_PATHS=()
	for file in "${CASE_FILES[@]}"; do
		[ -r "$file" ] || no_verdict "cannot read $file"
		[ ! -d "$file" ] ||
			no_verdict "$file is a folder (--area AREA takes one below cases/)"
		path=$(readlink -f "$file")
		case $path in
		"$CASES"/*) path=${path#"$CASES"/} ;;
		"$HERE"/*) path=${path#"$HERE"/} ;;
		*) path=${path##*/} ;;
		esac
		[ -z "${taken[$path]-}" ] ||
			no_verdict "more than one case file would be called $path"
		taken[$path]=1
		CASE_PATHS+=("$path")
	done
}

# A program of another architecture cannot run here, and would not run in the guest.
cases_build_judge() {
	local makefile=$BUILDDIR/Makefile host=
	[ ! -r "$makefile" ] || host=$(sed -n 's/^host_alias = //p' "$makefile")
	case $ARCH,$host in
	amd64, | amd64,x86_64-* | "$ARCH,$ARCH_TRIPLET") ;;
	*)
		no_verdict "$BUILDDIR is a build for ${host:-amd64}, and --arch is $ARCH" \
			"(kernel-tests/README says how to build for $ARCH)"
		;;
	esac
}

# The guest's own reader, run here: a slip in a case file is found before anything boots.
cases_read() { # sets CASE_LIST
	local reader=$BUILDDIR/kernel-tests/guest-run
	cases_build_judge
	[ "$ARCH" = amd64 ] || reader+=-here
	[ -r "$reader" ] || no_verdict "$reader is not built (run make)"
	cases_place
	CASE_LIST=$("$reader" --list "${GUEST_ARGS[@]}" "${CASE_FILES[@]}") ||
		no_verdict "the cases cannot be listed"
	[ -n "$CASE_LIST" ] || no_verdict "no case matches"
}

# Prints CASE_LIST with areas instead of files; a file of no area has -.
cases_print() {
	local i file name verdict
	local -A areas
	for i in "${!CASE_FILES[@]}"; do
		areas[${CASE_FILES[i]}]=-
		[[ ${CASE_PATHS[i]} != */* ]] || areas[${CASE_FILES[i]}]=${CASE_PATHS[i]%/*}
	done
	while IFS=$'\t' read -r file name verdict; do
		printf '%s\t%s\t%s\n' "${areas[$file]}" "$name" "$verdict"
	done <<<"$CASE_LIST"
}

stage_cases() { # FOLDER of the stage
	local i
	for i in "${!CASE_FILES[@]}"; do
		install -D -m 644 "${CASE_FILES[i]}" "$1/${CASE_PATHS[i]}"
	done
}
