// SPDX-License-Identifier: GPL-2.0-only
/* Whether the kernel has xt_secmark2, and what to say where it has not. */
#include "native.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* afinfo, which has the number of the question for this family, is exported, but declared for "shipped modules" only */
#define XTABLES_INTERNAL
#include <xtables.h>

#include "xt_secmark2.h"

#define MODULE "/sys/module/xt_secmark2"

/* libxtables asks through such a socket, and complains on standard error where it may not have one. */
static bool may_ask(void)
{
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);

	if (fd < 0)
		return errno != EPERM && errno != EACCES;
	close(fd);
	return true;
}

enum native native_probe(const char *ext, bool match)
{
	if (!xt_params || !xt_params->compat_rev || !may_ask())
		return NATIVE_PRESENT;
	if (xt_params->compat_rev(ext, XT_SECMARK2_REVISION, match ? afinfo->so_rev_match : afinfo->so_rev_target))
		return NATIVE_PRESENT;
	return access(MODULE, F_OK) ? NATIVE_ABSENT : NATIVE_OTHER;
}

void native_refuse(const char *ext, const char *what, const char *nearest)
{
	xtables_error(PARAMETER_PROBLEM, "%s: %s needs the kernel module xt_secmark2, which is not there; %s",
		      ext, what, nearest);
}

__attribute__((noreturn)) static void mismatch(const char *ext)
{
	char version[32] = "unknown";
	FILE *f = fopen(MODULE "/version", "re");

	if (f) {
		if (fgets(version, sizeof(version), f))
			version[strcspn(version, "\n")] = '\0';
		fclose(f);
	}
	xtables_error(OTHER_PROBLEM, "%s: the kernel module xt_secmark2 (version %s) does not know revision %d of %s, "
		      "the only one that this plugin (version " SECMARK2_VERSION ") knows: "
		      "install both from one release", ext, version, XT_SECMARK2_REVISION, ext);
}

void native_mismatch_parse(struct xt_option_call *cb)
{
	mismatch(cb->ext_name);
}

void native_mismatch_check(struct xt_fcheck_call *cb)
{
	mismatch(cb->ext_name);
}

void native_mismatch_print(const void *ip, const struct xt_entry_target *target, int numeric)
{
	printf(" %s [of another revision]", target->u.user.name);
}

void native_mismatch_save(const void *ip, const struct xt_entry_target *target)
{
	printf(" --of-another-revision");
}

void native_mismatch_print_match(const void *ip, const struct xt_entry_match *match, int numeric)
{
	printf(" %s [of another revision]", match->u.user.name);
}

void native_mismatch_save_match(const void *ip, const struct xt_entry_match *match)
{
	printf(" --of-another-revision");
}
