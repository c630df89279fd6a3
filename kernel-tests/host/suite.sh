# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Package lists of Debian's suites, in the cache. They are apart from the lists and sources of this
# machine's apt: it only says where the archive is, and how to reach it.

# Prints the suites in which kernels of a version are looked for, in this order. The first one that
# has it gives it, so the same version is the same kernel on every machine.
suites_of_version() { # VERSION
	case $1 in
	4.* | 5.*) echo bullseye ;;
	6.[0-9] | 6.[0-9].* | 6.1[0-2] | 6.1[0-2].*)
		echo bookworm bookworm-backports trixie trixie-backports ;;
	*) echo trixie-backports sid experimental ;;
	esac
}

# Prints the suite that this machine runs; bookworm if that is not Debian.
suite_of_host() {
	local suite
	# shellcheck source=/dev/null
	suite=$({ . /etc/os-release && [ "$ID" = debian ] && echo "${VERSION_CODENAME-}"; } \
		2>/dev/null) || suite=
	echo "${suite:-bookworm}"
}

# Prints the archive that this machine's packages come from.
suite_archive() { # LABEL: Debian or Debian-Security
	apt-get indextargets --format "\$(LABEL)|\$(SITE)" 'Created-By: Packages' 2>/dev/null |
		sed -n "s/^$1|//p" | head -n 1
}

# Prints the lines of sources.list. A suite may lack one of these, then apt does without.
suite_sources() { # SUITE
	local suite=$1 main security key=/usr/share/keyrings/debian-archive-keyring.gpg
	main=${SECMARK2_MIRROR:-$(suite_archive Debian)}
	[ -n "$main" ] || no_verdict "apt has no archive of Debian: set SECMARK2_MIRROR to one"
	[ -r "$key" ] || no_verdict "$key is missing (package debian-archive-keyring)"
	security=$(suite_archive Debian-Security)
	: "${security:=${main%/}-security}"
	key="deb [signed-by=$key]"
	case $suite in
	sid | unstable) ;;
	experimental) echo "$key $main sid main" ;;
	*)
		suite=${suite%-backports}
		printf '%s\n' "$key $main $suite-updates main" \
			"$key $security $suite-security main"
		[ "$suite" = "$1" ] || echo "$key $main $suite main"
		;;
	esac
	echo "$key $main $1 main"
}

# With APT_CONFIG as its first file, apt reads none of this machine's. Proxies and the like are
# copied. All versions have the same priority, so the newest one wins.
suite_configure() { # FOLDER SUITE ARCH
	mkdir -p "$1"/{state/lists/partial,cache/archives/partial}
	suite_sources "$2" >"$1/sources.list.$$" || exit
	mv "$1/sources.list.$$" "$1/sources.list"
	printf 'Package: *\nPin: release l=*\nPin-Priority: 500\n' >"$1/preferences"
	{
		apt-config dump | grep '^Acquire::' | grep -vE '^Acquire::(IndexTargets|Languages)'
		cat <<-END
		Dir::Etc::Main "/dev/null";
		Dir::Etc::Parts "/dev/null";
		Dir::Etc::SourceList "$1/sources.list";
		Dir::Etc::SourceParts "/dev/null";
		Dir::Etc::Preferences "$1/preferences";
		Dir::Etc::PreferencesParts "/dev/null";
		Dir::State "$1/state";
		Dir::State::status "/dev/null";
		Dir::Cache "$1/cache";
		Acquire::Languages "none";
		Acquire::AllowInsecureRepositories "false";
		Acquire::AllowWeakRepositories "false";
		Acquire::AllowDowngradeToInsecureRepositories "false";
		APT::Get::AllowUnauthenticated "false";
		APT::Architecture "$3";
		APT::Architectures "$3";
		APT::Sandbox::User "root";
		END
	} >"$1/apt.conf"
}

# Sets PACKAGE_SUITE to SUITE, or to SUITE_ARCH if that is not amd64. Its lists are at most a day
# old. If new ones cannot be fetched, it says so, and takes the old ones for ten minutes.
suite_open() { # SUITE [ARCH: the kernel's if it is missing]
	local name=$1 folder arch=${2-$KERNEL_ARCH}
	[ "$arch" = amd64 ] || name+=_$arch
	folder=$CACHE/apt/$name
	need_tools apt-get apt-cache flock
	cache_check
	mkdir -p "$folder"
	# shellcheck disable=SC2034 # read by package.sh
	PACKAGE_SUITE=$name
	! suite_is_fresh "$folder" || return 0
	(
		flock 9
		! suite_is_fresh "$folder" || exit 0
		say "fetching the package lists of $1"
		suite_configure "$folder" "$1" "$arch" || exit
		if lists_fetch "$folder/log" package_apt apt-get; then
			[ -z "$(suite_lists "$name")" ] || touch "$folder/fresh"
		elif [ -n "$(suite_lists "$name")" ]; then
			echo "${0##*/}: the package lists of $name are old:" \
				"$(grep -m 1 '^[EW]:' "$folder/log")" >&2
			touch -d '1430 minutes ago' "$folder/fresh"
		fi
	) 9>"$folder/lock"
}

# lists_fetch LOG APT-GET [OPTION...]: fetches package lists. Fails if one could not be fetched,
# even if an old one is used instead. An archive without such a suite is no failure.
lists_fetch() {
	local log=$1 errors status=0
	shift
	LC_ALL=C "$@" -qq -o APT::Update::Error-Mode=any update >"$log" 2>&1 || status=$?
	errors=$(sed -nE '/^(E:|W: Failed to fetch)/p' "$log")
	if [ -n "$errors" ]; then
		! grep -v 'does not have a Release file' <<<"$errors" >/dev/null
	else
		return "$status"
	fi
}

# Whether lists_fetch() failed because the archive cannot be reached.
lists_unreachable() { # LOG
	local no='Could not (resolve|connect)|Temporary failure|Unable to connect'
	no+='|Cannot initiate the connection|Connection (failed|timed out)'
	grep -qE "$no" "$1"
}

# Without apt.conf, apt would read the files of this machine.
suite_is_fresh() { # FOLDER
	[ -r "$1/apt.conf" ] && [ -n "$(find "$1/fresh" -mmin -1440 2>/dev/null)" ]
}

# Prints the package lists of the suite itself.
suite_lists() { # a value of PACKAGE_SUITE
	find "$CACHE/apt/$1/state/lists" -name "*_dists_${1%_*}_*_Packages*" 2>/dev/null
}

# Prints the kernel packages of a suite, oldest first.
suite_kernels() { # FLAVOUR: empty, or "cloud-"
	{
		package_apt apt-cache pkgnames linux-image-
		pool_list | sed 's|.*/||; s|_.*||'
	} |
		grep -E "^linux-image-[0-9][0-9.]*(\+[0-9a-z.+~]*)?(-[0-9]+)?-$1$KERNEL_ARCH\$" |
		sort -Vu
}
