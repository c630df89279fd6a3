// SPDX-License-Identifier: GPL-2.0-only
#include "policy_option.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <selinux/selinux.h>

#include "base/err.h"
#include "base/number.h"
#include "host/running_policy.h"
#include "print.h"
#include "selinux/oracle.h"
#include "selinux/oracle_file.h"
#include "selinux/oracle_kernel.h"

/* Debian's policy needs 40 MiB. A file with wrong numbers could ask for any amount. */
#define MEMORY_MAX (UINT64_C(1) << 30)

static int open_limited(const char *file, const char *name, struct oracle **oracle, struct err *err)
{
	struct rlimit before, limit;
	int ret;

	if (getrlimit(RLIMIT_AS, &before))
		return err_set(err, -errno, "cannot limit the memory: %s", strerror(errno));
	limit = before;
#ifndef __SANITIZE_ADDRESS__ /* it reserves terabytes */
	if (limit.rlim_cur > MEMORY_MAX)
		limit.rlim_cur = MEMORY_MAX;
#endif
	setrlimit(RLIMIT_AS, &limit);
	ret = oracle_file_open(file, name, oracle, err);
	setrlimit(RLIMIT_AS, &before);
	return ret;
}

/* "policy.33": 33 */
static int version_of(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot ? number_parse(dot + 1, strlen(dot + 1), 1000) : -1;
}

/* Finds the newest file of the policy that /etc/selinux/config names. */
static char *find_store_policy(void)
{
	char pattern[4096], *found = NULL;
	const char *path = selinux_binary_policy_path();
	glob_t files;
	size_t i, best = 0;

	snprintf(pattern, sizeof(pattern), "%s.[0-9]*", path ? path : "");
	if (!path || glob(pattern, 0, NULL, &files))
		return NULL;
	for (i = 0; i < files.gl_pathc; i++)
		if (version_of(files.gl_pathv[i]) > version_of(files.gl_pathv[best]))
			best = i;
	if (version_of(files.gl_pathv[best]) > 0)
		found = strdup(files.gl_pathv[best]);
	globfree(&files);
	return found;
}

struct oracle *policy_find_whole(const char *file, struct err *err)
{
	static char *store; /* its name lives as long as an oracle */
	bool running = !file && running_policy_is_loaded();
	struct oracle *oracle;
	struct err why;

	if (file)
		return open_limited(file, file, &oracle, err) ? NULL : oracle;
	if (running) {
		if (!open_limited("/sys/fs/selinux/policy", "the loaded policy", &oracle, err))
			return oracle;
		why = *err;
	}
	free(store);
	store = find_store_policy();
	if (store && open_limited(store, store, &oracle, err))
		return NULL;
	if (store) {
		if (running)
			print_line(stderr, "secmarkctl: warning: %s: %s is asked instead", why.what,
				   store);
		return oracle;
	}
	err_set(err, -ENOENT,
		"no policy: the kernel has none that can be read, nor has "
		"/etc/selinux");
	err_hint(err, "name a policy file with --policy FILE");
	return NULL;
}

struct oracle *policy_open_whole(const char *file)
{
	struct err err;
	struct oracle *oracle = policy_find_whole(file, &err);

	if (!oracle)
		print_err(&err);
	return oracle;
}

struct oracle *policy_open(const char *file)
{
	struct oracle *oracle;
	struct err err;

	if (file)
		return policy_open_whole(file);
	oracle = oracle_kernel_new();
	if (!oracle) {
		err_set(&err, -ENOMEM, "out of memory");
		print_err(&err);
	}
	return oracle;
}
