# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Debian packages, unpacked into the cache without being installed.

# Prints the package a metapackage stands for, or the name itself if it is a real one.
package_resolve() { # NAME PREFIX
	local real
	real=$({ apt-cache depends "$1" 2>/dev/null || :; } | sed -n "s/^  Depends: \($2[^ ]*\)\$/\1/p")
	real=${real%%$'\n'*}
	printf '%s\n' "${real:-$1}"
}

# Prints the folder that holds the unpacked package; downloads only what the cache does not have.
package_unpack() { # NAME
	local name=$1 version folder part
	version=$({ apt-cache show --no-all-versions "$name" 2>/dev/null || :; } | sed -n 's/^Version: //p')
	if [ -z "$version" ]; then
		package_cached "$name" && return
		no_verdict "no package named $name is known here (apt-get update may help)"
	fi
	folder=$CACHE/packages/${name}_$version
	if [ ! -d "$folder" ]; then
		say "fetching $name $version"
		mkdir -p "$CACHE/packages"
		part=$(mktemp -d "$CACHE/packages/.part.XXXXXX")
		package_fetch "$name=$version" "$part" || {
			rm -rf "$part"
			no_verdict "cannot fetch $name $version"
		}
		# Another run may have been faster; its copy is as good.
		mv -T "$part" "$folder" 2>/dev/null || rm -rf "$part"
	fi
	printf '%s\n' "$folder"
}

package_cached() { # NAME: the newest copy in the cache, for a machine that is off line
	local newest
	# shellcheck disable=SC2012 # the names are package names: no blanks, no newlines
	newest=$({ ls -td "$CACHE/packages/$1"_* 2>/dev/null || :; } | head -n 1)
	[ -n "$newest" ] && printf '%s\n' "$newest"
}

package_fetch() { # NAME=VERSION FOLDER
	# The sandbox user of apt cannot write here and would say so each time.
	(cd "$2" && apt-get -qq -o APT::Sandbox::User=root download "$1" >/dev/null) &&
		dpkg-deb -x "$2"/*.deb "$2" && rm -f "$2"/*.deb
}
