// SPDX-License-Identifier: GPL-2.0-only
#include "policy.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <selinux/selinux.h>

#include "alloc.h"
#include "err.h"
#include "oracle.h"
#include "oracle_file.h"
#include "oracle_kernel.h"
#include "print.h"

struct oracle *policy_open(const char *file)
{
	struct oracle *oracle;
	struct err err;

	if (file) {
		if (!oracle_file_open(file, file, &oracle, &err))
			return oracle;
	} else {
		oracle = oracle_kernel_new();
		if (oracle)
			return oracle;
		err_set(&err, -ENOMEM, "out of memory");
	}
	print_err(&err);
	return NULL;
}

bool policy_is_loaded(void)
{
	char *self;
	bool is;

	if (getcon_raw(&self))
		return false;
	is = self && strchr(self, ':');
	freecon(self);
	return is;
}

char *policy_unlabeled(void)
{
	char *context = NULL, *copy;

	if (security_get_initial_context_raw("unlabeled", &context))
		return NULL;
	/* before a policy is loaded it is a bare name */
	copy = context && strchr(context, ':') ? alloc_text(context, strlen(context)) : NULL;
	freecon(context);
	return copy;
}

const char *policy_excuse(int error)
{
	switch (error) {
	case -ENOENT:
		/* "ip netns exec" mounts a /sys of its own */
		return policy_is_loaded() ? "selinuxfs is not mounted here (nsenter --net keeps it, ip netns exec does not)" :
				      "SELinux has no policy loaded here";
	case -EACCES:
		return "the running policy does not let this process ask";
	default:
		return strerror(-error);
	}
}
