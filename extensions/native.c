// SPDX-License-Identifier: GPL-2.0-only
/* Asks whether the kernel has xt_secmark2, and reports what needs it. */
#include "native.h"

#include <errno.h>
#include <linux/netfilter/xt_CONNSECMARK.h>
#include <linux/netfilter/xt_SECMARK.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* afinfo has the number of the question for this family. It is exported, but declared only for
 * "shipped modules". */
#define XTABLES_INTERNAL
#include <xtables.h>

#include "xt_secmark2.h"

/* The layout of the header, also in 32-bit code; the module asserts the same. */
_Static_assert(sizeof(struct xt_secmark2_tginfo2) == 264, "ABI");
_Static_assert(offsetof(struct xt_secmark2_tginfo2, secctx) == 1, "ABI");
_Static_assert(offsetof(struct xt_secmark2_tginfo2, flags) == 257, "ABI");
_Static_assert(offsetof(struct xt_secmark2_tginfo2, secid) == 260, "ABI");
_Static_assert(sizeof(struct xt_connsecmark2_tginfo2) == 4, "ABI");
_Static_assert(offsetof(struct xt_connsecmark2_tginfo2, flags) == 1, "ABI");
_Static_assert(sizeof(struct xt_secmark2_mtinfo2) == 264, "ABI");
_Static_assert(offsetof(struct xt_secmark2_mtinfo2, secctx) == 1, "ABI");
_Static_assert(offsetof(struct xt_secmark2_mtinfo2, flags) == 257, "ABI");
_Static_assert(offsetof(struct xt_secmark2_mtinfo2, secid) == 260, "ABI");

/* The targets begin as the stock ones do. */
_Static_assert(sizeof(struct xt_secmark2_tginfo2) == sizeof(struct xt_secmark_target_info_v1),
	       "ABI");
_Static_assert(offsetof(struct xt_secmark2_tginfo2, mode) ==
		       offsetof(struct xt_secmark_target_info_v1, mode),
	       "ABI");
_Static_assert(offsetof(struct xt_secmark2_tginfo2, secctx) ==
		       offsetof(struct xt_secmark_target_info_v1, secctx),
	       "ABI");
_Static_assert(offsetof(struct xt_secmark2_tginfo2, secid) ==
		       offsetof(struct xt_secmark_target_info_v1, secid),
	       "ABI");
_Static_assert(offsetof(struct xt_connsecmark2_tginfo2, mode) ==
		       offsetof(struct xt_connsecmark_target_info, mode),
	       "ABI");
/* 32-bit code aligns to 4 bytes, so there the size of the stock one is 4, too. */
_Static_assert((sizeof(struct xt_connsecmark2_tginfo2) + 3) / 4 ==
		       (sizeof(struct xt_connsecmark_target_info) + 3) / 4,
	       "ABI");
_Static_assert(XT_SECMARK2_CTX_SIZE == SECMARK_SECCTX_MAX, "ABI");
_Static_assert(XT_SECMARK2_SELCTX == SECMARK_MODE_SEL, "ABI");
_Static_assert((int)XT_CONNSECMARK2_SAVE == CONNSECMARK_SAVE, "ABI");
_Static_assert((int)XT_CONNSECMARK2_RESTORE == CONNSECMARK_RESTORE, "ABI");

#define MODULE "xt_secmark2"

/* The module, as this process sees it. */
enum native {
	NATIVE_ABSENT,    /* not in the kernel, and it cannot be loaded */
	NATIVE_PRESENT,   /* in the kernel; or this process may not ask */
	NATIVE_OTHER,     /* in the kernel, but it does not know our revision */
	NATIVE_NO_TABLES, /* the kernel has no tables that take extensions */
};

/* The answer, and the revision that it is about: a plugin has one extension. */
static enum native answer;
static unsigned int asked_revision;

/* iptables-legacy asks through such a socket; all others ask nf_tables. */
static bool asks_legacy_tables(void)
{
	return xt_params->compat_rev == xtables_compatible_revision;
}

static int legacy_socket(void)
{
	return socket(afinfo->family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
}

/* If iptables-legacy may not open a socket, libxtables complains on standard error. */
static bool may_ask(void)
{
	int fd;

	if (!asks_legacy_tables())
		return true;
	fd = legacy_socket();
	if (fd < 0)
		return errno != EPERM && errno != EACCES;
	close(fd);
	return true;
}

static bool native_is_offered(const char *ext, unsigned int revision, bool match)
{
	return xt_params->compat_rev(ext, revision,
				     match ? afinfo->so_rev_match : afinfo->so_rev_target);
}

/* libxtables takes "no such question" for "no such revision". Any kernel with legacy tables has an
 * answer about a stock target, be it no. */
static bool has_legacy_tables(void)
{
	struct xt_get_revision ask = { .name = "SECMARK" };
	socklen_t size = sizeof(ask);
	int fd = legacy_socket();
	bool has;

	if (fd < 0)
		return true;
	has = !getsockopt(fd, afinfo->ipproto, afinfo->so_rev_target, &ask, &size) ||
	      errno != ENOPROTOOPT;
	close(fd);
	return has;
}

/* The same for nf_tables, which may lack what takes extensions: every kernel that labels
 * connections has this match. */
static bool nf_tables_take_extensions(void)
{
	return native_is_offered("conntrack", 3, true);
}

/* Is the module in the kernel, and not just coming or going? /sys may not be mounted. */
static bool native_is_loaded(void)
{
	char line[256], name[64], state[16];
	bool found = false;
	FILE *f = fopen("/proc/modules", "re");

	if (!f)
		return access("/sys/module/" MODULE, F_OK) == 0;
	/* NAME SIZE USERS USED-BY STATE ADDRESS */
	while (!found && fgets(line, sizeof(line), f))
		found = sscanf(line, "%63s %*s %*s %*s %15s", name, state) == 2 &&
			!strcmp(name, MODULE) && !strcmp(state, "Live");
	fclose(f);
	return found;
}

static enum native native_probe(const char *ext, unsigned int revision, bool match)
{
	if (!xt_params || !xt_params->compat_rev || !may_ask() ||
	    native_is_offered(ext, revision, match))
		return NATIVE_PRESENT;
	if (asks_legacy_tables() && !has_legacy_tables())
		return NATIVE_NO_TABLES;
	if (!native_is_loaded())
		return NATIVE_ABSENT;
	/* it may have been loaded between the two questions */
	if (native_is_offered(ext, revision, match))
		return NATIVE_PRESENT;
	return asks_legacy_tables() || nf_tables_take_extensions() ? NATIVE_OTHER :
								     NATIVE_NO_TABLES;
}

/* Each question can run modprobe. Revision 0 cannot be asked for: libxtables says yes, and warns.
 */
static bool stock_is_offered(const char *name, unsigned int revision)
{
	static enum { NOT_ASKED, NO, YES } offered;

	if (offered == NOT_ASKED)
		offered = !revision || !xt_params || !xt_params->compat_rev || !may_ask() ||
					  native_is_offered(name, revision, false) ?
				  YES :
				  NO;
	return offered == YES;
}

void native_use_stock(void *data, const char *name, unsigned int revision)
{
	struct xt_entry_target *t = (void *)((char *)data - offsetof(struct xt_entry_target, data));

	if (!stock_is_offered(name, revision))
		return;
	snprintf(t->u.user.name, sizeof(t->u.user.name), "%s", name);
	t->u.user.revision = revision;
}

void native_refuse(const char *ext, const char *what, const char *nearest)
{
	xtables_error(PARAMETER_PROBLEM,
		      "%s: %s needs the kernel module " MODULE ", which is not there; %s", ext,
		      what, nearest);
}

__attribute__((noreturn)) static void refuse_other_version(const char *ext)
{
	char version[32] = "unknown";
	FILE *f = fopen("/sys/module/" MODULE "/version", "re");

	if (f) {
		if (fgets(version, sizeof(version), f))
			version[strcspn(version, "\n")] = '\0';
		fclose(f);
	}
	xtables_error(OTHER_PROBLEM,
		      "%s: the kernel module " MODULE " (version %s) does not know revision %u of "
		      "%s, "
		      "the only one that this plugin (version " SECMARK2_VERSION ") knows: "
		      "install both from one release",
		      ext, version, asked_revision, ext);
}

__attribute__((noreturn)) static void mismatch_refuse(const char *ext)
{
	if (answer == NATIVE_NO_TABLES && asks_legacy_tables())
		xtables_error(OTHER_PROBLEM, "%s: this kernel has no legacy tables; use %s-nft",
			      ext, afinfo->family == AF_INET ? "iptables" : "ip6tables");
	if (answer == NATIVE_NO_TABLES)
		xtables_error(OTHER_PROBLEM,
			      "%s: nf_tables of this kernel take no extensions of iptables "
			      "(build it with CONFIG_NFT_COMPAT)",
			      ext);
	refuse_other_version(ext);
}

__attribute__((noreturn)) static void mismatch_parse(struct xt_option_call *cb)
{
	mismatch_refuse(cb->ext_name);
}

__attribute__((noreturn)) static void mismatch_check(struct xt_fcheck_call *cb)
{
	mismatch_refuse(cb->ext_name);
}

bool native_has_size(unsigned int found, unsigned int size)
{
	/* the head of a match is that of a target */
	return (found - sizeof(struct xt_entry_target) + 7) / 8 == (size + 7) / 8;
}

void native_print_other(const char *dashes)
{
	fputs(*dashes ? " --of-another-revision" : " [of another revision]", stdout);
}

static void mismatch_print(const void *ip, const struct xt_entry_target *target, int numeric)
{
	printf(" %s", target->u.user.name);
	native_print_other("");
}

static void mismatch_save(const void *ip, const struct xt_entry_target *target)
{
	native_print_other("--");
}

static void mismatch_print_match(const void *ip, const struct xt_entry_match *match, int numeric)
{
	printf(" %s", match->u.user.name);
	native_print_other("");
}

static void mismatch_save_match(const void *ip, const struct xt_entry_match *match)
{
	native_print_other("--");
}

void native_register_targets(struct xtables_target *native, struct xtables_target *aliases,
			     unsigned int n)
{
	asked_revision = native->revision;
	answer = native_probe(native->name, native->revision, false);
	if (answer == NATIVE_PRESENT) {
		xtables_register_target(native);
		return;
	}
	for (unsigned int i = 0; answer != NATIVE_ABSENT && i < n; i++) {
		aliases[i].print = mismatch_print;
		aliases[i].save = mismatch_save;
		aliases[i].x6_parse = mismatch_parse;
		aliases[i].x6_fcheck = mismatch_check;
	}
	xtables_register_targets(aliases, n);
}

void native_register_match(struct xtables_match *native, struct xtables_match *alias)
{
	asked_revision = native->revision;
	answer = native_probe(native->name, native->revision, true);
	if (answer == NATIVE_PRESENT) {
		xtables_register_match(native);
		return;
	}
	if (answer != NATIVE_ABSENT) {
		alias->print = mismatch_print_match;
		alias->save = mismatch_save_match;
		alias->x6_parse = mismatch_parse;
		alias->x6_fcheck = mismatch_check;
	}
	/* without tables, libxtables believes only in revision 0 of whatever there is */
	if (answer == NATIVE_NO_TABLES)
		alias->revision = 0;
	xtables_register_match(alias);
}
