// SPDX-License-Identifier: GPL-2.0-only
#include "host/running_policy.h"

#include <errno.h>
#include <string.h>

#include <selinux/selinux.h>

#include "util/alloc.h"

bool running_policy_is_loaded(void)
{
	char *self;
	bool is;

	if (getcon_raw(&self))
		return false;
	is = self && strchr(self, ':');
	freecon(self);
	return is;
}

char *running_policy_unlabeled(void)
{
	char *context = NULL, *copy;

	if (security_get_initial_context_raw("unlabeled", &context))
		return NULL;
	/* before a policy is loaded it is a bare name */
	copy = context && strchr(context, ':') ? alloc_text(context, strlen(context)) : NULL;
	freecon(context);
	return copy;
}

const char *running_policy_excuse(int error)
{
	switch (error) {
	case -ENOENT:
		/* "ip netns exec" mounts a /sys of its own */
		return running_policy_is_loaded() ? "selinuxfs is not mounted here (nsenter --net "
						    "keeps it, ip netns exec does not)" :
						    "SELinux has no policy loaded here";
	case -EACCES:
		return "the running policy does not let this process ask";
	default:
		return strerror(-error);
	}
}
