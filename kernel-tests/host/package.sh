# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Debian packages, unpacked into the cache without being installed.

PACKAGE_SUITE= # whose lists are read, see suite_open(); empty for those of this machine's apt

package_apt() { # apt-get|apt-cache ARGUMENT...
	if [ -n "$PACKAGE_SUITE" ]; then
		APT_CONFIG=$CACHE/apt/$PACKAGE_SUITE/apt.conf "$@"
	else
		"$@"
	fi
}

# Prints what apt knows about a package. apt-cache takes most of a second, so the answer is kept
# until apt's lists change. If there are no lists, the old answer is used.
package_show() { # NAME
	local lists=/var/lib/apt/lists kept=$CACHE/show/$1
	if [ -n "$PACKAGE_SUITE" ]; then
		lists=$CACHE/apt/$PACKAGE_SUITE/fresh
		kept=$CACHE/show/$PACKAGE_SUITE/$1
	fi
	if [ ! -s "$kept" ] || [ "$lists" -nt "$kept" ]; then
		mkdir -p "${kept%/*}"
		if package_apt apt-cache show --no-all-versions "$1" >"$kept.$$" 2>/dev/null &&
			[ -s "$kept.$$" ] || pool_show "$1" >"$kept.$$"; then
			mv "$kept.$$" "$kept"
		else
			rm -f "$kept.$$"
		fi
	fi
	[ ! -r "$kept" ] || cat "$kept"
}

# Prints the package a metapackage stands for, or the name itself if it is a real one.
package_resolve() { # NAME PREFIX
	local real
	real=$(package_show "$1" | sed -n "s/^Depends:.* \?\($2[^ ,]*\).*/\1/p")
	printf '%s\n' "${real:-$1}"
}

# Prints the folder that holds the unpacked package; downloads only what the cache does not have.
package_unpack() { # NAME
	local name=$1 version folder part
	version=$(package_show "$name" | sed -n 's/^Version: //p')
	[ -n "$version" ] || no_verdict "$(package_unknown "$name")"
	folder=$CACHE/packages/${name}_$version
	# as PACKAGE_SUITE
	[[ $PACKAGE_SUITE != *_* ]] || folder+=_${PACKAGE_SUITE#*_}
	if [ ! -d "$folder" ]; then
		say "fetching $name $version"
		part=$(part_open "$CACHE/packages")
		package_fetch "$name" "$version" "$part" || {
			rm -rf "$part"
			no_verdict "cannot fetch $name $version"
		}
		# Another run may have been faster; its copy is as good.
		mv -T "$part" "$folder" 2>/dev/null || rm -rf "$part"
	fi
	printf '%s\n' "$folder"
}

package_unknown() { # NAME
	if [ -z "$PACKAGE_SUITE" ]; then
		echo "no package named $1 is known here (apt-get update may help)"
	elif [ -z "$(suite_lists "$PACKAGE_SUITE")" ]; then
		echo "no package list of $PACKAGE_SUITE:" \
			"$(grep '^[EW]:' "$CACHE/apt/$PACKAGE_SUITE/log" | head -n 1)"
	else
		echo "no package named $1 in $PACKAGE_SUITE"
	fi
}

package_fetch() { # NAME VERSION FOLDER
	local file
	if file=$(pool_file "$1" "$2"); then
		dpkg-deb -x "$file" "$3"
		return
	fi
	# The sandbox user of apt cannot write here and would say so each time.
	(cd "$3" && package_apt apt-get -qq -o APT::Sandbox::User=root \
		download "$1=$2" >/dev/null) &&
		dpkg-deb -x "$3"/*.deb "$3" && rm -f "$3"/*.deb
}

# Prints the lines of pool.list for the suite that is open: packages that its lists have dropped.
pool_list() {
	case $PACKAGE_SUITE in
	trixie-backports) grep -v '^#' "$(dirname "${BASH_SOURCE[0]}")/pool.list" ;;
	esac
}

# Prints the path of a package of pool.list, which it fetches into the cache. Fails if it is not in
# that list, or not what the list says.
pool_file() { # NAME [VERSION]
	local sum path file part
	read -r sum path < <(pool_list | grep -F "/${1}_${2+$2_}") || return
	file=$CACHE/pool/${path##*/}
	if [ ! -r "$file" ]; then
		say "fetching ${path##*/}"
		part=$(part_open "$CACHE/pool")
		package_apt /usr/lib/apt/apt-helper -qq download-file \
			"$(pool_archive)/$path" "$part/deb" "SHA256:$sum" >/dev/null || {
			rm -rf "$part"
			return 1
		}
		mv -f "$part/deb" "$file"
		rm -rf "$part"
	fi
	printf '%s\n' "$file"
}

pool_archive() {
	local archive=${SECMARK2_MIRROR:-$(suite_archive Debian)}
	printf '%s\n' "${archive%/}/pool"
}

# Prints the control fields of a package of pool.list.
pool_show() { # NAME
	local file
	file=$(pool_file "$1") && dpkg-deb -f "$file"
}
