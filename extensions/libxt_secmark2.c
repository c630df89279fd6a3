// SPDX-License-Identifier: GPL-2.0-only
/* -m secmark2: match the label of a packet or its connection. Stock kernels have no such match. */
#include <stdio.h>

#include <xtables.h>

#include "native.h"
#include "seclabel.h"
#include "xt_secmark2.h"

#define MATCH "secmark2"

enum {
	O_CONN,
	O_SELCTX,
	O_SELTYPE,
	O_LABELED,
	F_SELCTX = 1 << O_SELCTX,
	F_SELTYPE = 1 << O_SELTYPE,
	F_LABELED = 1 << O_LABELED,
};

static const struct xt_option_entry secmark2_options[] = {
	{ .name = "conn", .id = O_CONN, .type = XTTYPE_NONE },
	{ .name = "selctx",
	  .id = O_SELCTX,
	  .type = XTTYPE_STRING,
	  .flags = XTOPT_INVERT,
	  .excl = F_SELTYPE | F_LABELED },
	{ .name = "seltype",
	  .id = O_SELTYPE,
	  .type = XTTYPE_STRING,
	  .flags = XTOPT_INVERT,
	  .excl = F_SELCTX | F_LABELED },
	{ .name = "labeled",
	  .id = O_LABELED,
	  .type = XTTYPE_NONE,
	  .flags = XTOPT_INVERT,
	  .excl = F_SELCTX | F_SELTYPE },
	XTOPT_TABLEEND,
};

static void secmark2_match_help(void)
{
	printf(MATCH " match options (needs xt_secmark2):\n"
		     "  --conn                  look at the connection's label, not at the "
		     "packet's\n"
		     "[!] --selctx CONTEXT      the label is this SELinux context\n"
		     "[!] --seltype TYPE        the same, with the running policy's user, role and "
		     "level\n"
		     "[!] --labeled             there is a label\n");
}

static void secmark2_parse(struct xt_option_call *cb)
{
	struct xt_secmark2_mtinfo2 *info = cb->data;

	seclabel_option_parse(cb, MATCH, secmark2_options);
	switch (cb->entry->id) {
	case O_CONN:
		info->flags |= XT_SECMARK2_MATCH_CONN;
		return;
	case O_SELCTX:
		seclabel_from_context(MATCH, cb->arg, SECLABEL_MATCH, info->secctx,
				      sizeof(info->secctx));
		info->mode = XT_SECMARK2_MATCH_SELCTX;
		break;
	case O_SELTYPE:
		seclabel_from_type(MATCH, cb->arg, SECLABEL_MATCH, info->secctx,
				   sizeof(info->secctx));
		info->mode = XT_SECMARK2_MATCH_SELCTX;
		break;
	case O_LABELED:
		info->mode = XT_SECMARK2_MATCH_LABELED;
		break;
	}
	if (cb->invert)
		info->flags |= XT_SECMARK2_MATCH_INVERT;
}

static void secmark2_match_check(struct xt_fcheck_call *cb)
{
	if (!(cb->xflags & (F_SELCTX | F_SELTYPE | F_LABELED)))
		xtables_error(PARAMETER_PROBLEM, MATCH ": one of --selctx, --seltype and --labeled "
						       "is required");
}

/* Is there nothing in it that another revision brought? */
static bool secmark2_match_is_known(const struct xt_entry_match *match)
{
	const struct xt_secmark2_mtinfo2 *info = (const void *)match->data;

	return match->u.user.revision == XT_SECMARK2_MT_REVISION &&
	       native_has_size(match->u.match_size, sizeof(*info)) &&
	       (info->mode == XT_SECMARK2_MATCH_SELCTX ||
		info->mode == XT_SECMARK2_MATCH_LABELED) &&
	       !(info->flags & ~(XT_SECMARK2_MATCH_CONN | XT_SECMARK2_MATCH_INVERT)) &&
	       !info->pad[0] && !info->pad[1];
}

/* dashes: printed before the name of each option */
static void secmark2_print_match_options(const struct xt_entry_match *match, const char *dashes)
{
	const struct xt_secmark2_mtinfo2 *info = (const void *)match->data;

	if (!secmark2_match_is_known(match)) {
		native_print_other(dashes);
		return;
	}
	if (info->flags & XT_SECMARK2_MATCH_CONN)
		printf(" %sconn", dashes);
	if (info->flags & XT_SECMARK2_MATCH_INVERT)
		printf(" !");
	if (info->mode == XT_SECMARK2_MATCH_SELCTX)
		printf(" %sselctx %s", dashes, info->secctx);
	else
		printf(" %slabeled", dashes);
}

static void secmark2_print(const void *ip, const struct xt_entry_match *match, int numeric)
{
	printf(" " MATCH);
	secmark2_print_match_options(match, "");
}

static void secmark2_save(const void *ip, const struct xt_entry_match *match)
{
	secmark2_print_match_options(match, "--");
}

static struct xtables_match secmark2_native = {
	.version = XTABLES_VERSION,
	.name = MATCH,
	.revision = XT_SECMARK2_MT_REVISION,
	.family = NFPROTO_UNSPEC,
	.size = XT_ALIGN(sizeof(struct xt_secmark2_mtinfo2)),
	.userspacesize = offsetof(struct xt_secmark2_mtinfo2, secid),
	.help = secmark2_match_help,
	.print = secmark2_print,
	.save = secmark2_save,
	.x6_parse = secmark2_parse,
	.x6_fcheck = secmark2_match_check,
	.x6_options = secmark2_options,
};

__attribute__((noreturn)) static void refuse_parse(struct xt_option_call *cb)
{
	native_refuse(MATCH, "this match", "no stock rule matches on labels");
}

__attribute__((noreturn)) static void refuse_check(struct xt_fcheck_call *cb)
{
	native_refuse(MATCH, "this match", "no stock rule matches on labels");
}

/*
 * Only refuses. It is an alias of a match that every kernel with labels has: iptables would not
 * find our own name and revision in the kernel, and would say that the match is unknown.
 */
static struct xtables_match secmark2_absent = {
	.version = XTABLES_VERSION,
	.name = MATCH,
	.real_name = "conntrack",
	.ext_flags = XTABLES_EXT_ALIAS,
	.revision = 3,
	.family = NFPROTO_UNSPEC,
	.size = XT_ALIGN(sizeof(struct xt_secmark2_mtinfo2)),
	.userspacesize = 0,
	.help = secmark2_match_help,
	.x6_parse = refuse_parse,
	.x6_fcheck = refuse_check,
	.x6_options = secmark2_options,
};

/* Only this decides which match the name means in this process. */
__attribute__((constructor)) static void secmark2_match_register(void)
{
	native_register_match(&secmark2_native, &secmark2_absent);
}
