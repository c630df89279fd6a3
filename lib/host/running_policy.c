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
	/* before a policy is loaded this is a name without colons */
	copy = context && strchr(context, ':') ? alloc_text(context, strlen(context)) : NULL;
	freecon(context);
	return copy;
}

bool running_policy_allows_self(const char *class, const char *permission)
{
	security_class_t number = string_to_security_class(class);
	access_vector_t bit = number ? string_to_av_perm(number, permission) : 0;
	struct av_decision avd = { .allowed = 0 };
	char *self = NULL;
	bool allows = true;

	if (bit && !getcon_raw(&self) &&
	    !security_compute_av_flags_raw(self, self, number, bit, &avd))
		allows = (avd.allowed & bit) || (avd.flags & SELINUX_AVD_FLAGS_PERMISSIVE);
	freecon(self);
	return allows;
}

/* USER:ROLE:TYPE[:LEVEL] */
static bool context_has_type(const char *context, const char *type)
{
	const char *at = strchr(context, ':');
	size_t len = strlen(type);

	at = at ? strchr(at + 1, ':') : NULL;
	return at && !strncmp(at + 1, type, len) && (!at[1 + len] || at[1 + len] == ':');
}

bool running_policy_domain_is(const char *type)
{
	char *self = NULL;
	bool is = !getcon_raw(&self) && self && context_has_type(self, type);

	freecon(self);
	return is;
}

const char *running_policy_excuse(int error)
{
	switch (error) {
	case -ENOENT:
		/* "ip netns exec" mounts its own /sys */
		return running_policy_is_loaded() ? "selinuxfs is not mounted here (nsenter --net "
						    "keeps it, ip netns exec does not)" :
						    "SELinux has no policy loaded here";
	case -EACCES:
		return "the running policy does not allow this process to ask";
	default:
		return strerror(-error);
	}
}
