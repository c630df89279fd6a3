// SPDX-License-Identifier: GPL-2.0-only
/*
 * -j SECMARK2: label a packet; the context is judged when the rule is written. With --save or
 * --accept this is the target of xt_secmark2, else another name of the stock SECMARK. Built with
 * DROP_IN, it is -j SECMARK, with iptables' own options and listing.
 */
#include <stdio.h>

#include <linux/netfilter/xt_SECMARK.h>
#include <xtables.h>

#include "native.h"
#include "seclabel.h"
#include "xt_secmark2.h"

#ifdef DROP_IN
#define TARGET "SECMARK"
#define KERNEL_NAME(name) NULL
#define EXT_FLAGS 0
#else
#define TARGET "SECMARK2"
/* EXT_ALIAS keeps iptables-nft from telling users that it converted the rule */
#define KERNEL_NAME(name) (name)
#define EXT_FLAGS XTABLES_EXT_ALIAS
#endif

enum {
	O_SELCTX,
	O_SELTYPE,
	O_SAVE,
	O_ACCEPT,
	F_SELCTX = 1 << O_SELCTX,
	F_SELTYPE = 1 << O_SELTYPE,
};

static const struct xt_option_entry secmark2_options[] = {
#ifdef DROP_IN
	{ .name = "selctx", .id = O_SELCTX, .type = XTTYPE_STRING },
#else
	{ .name = "selctx", .id = O_SELCTX, .type = XTTYPE_STRING, .excl = F_SELTYPE },
	{ .name = "seltype", .id = O_SELTYPE, .type = XTTYPE_STRING, .excl = F_SELCTX },
	{ .name = "save", .id = O_SAVE, .type = XTTYPE_NONE },
	{ .name = "accept", .id = O_ACCEPT, .type = XTTYPE_NONE },
#endif
	XTOPT_TABLEEND,
};

static void secmark2_target_help(void)
{
	printf(TARGET " target options:\n"
		      "  --selctx CONTEXT    label the packet with this SELinux context\n");
#ifndef DROP_IN
	printf("  --seltype TYPE      the same, with the running policy's user, role and level\n"
	       "  --save              also label the connection, if it has no label (needs "
	       "xt_secmark2)\n"
	       "  --accept            also accept the packet in this table (needs xt_secmark2)\n");
#endif
}

/* Judges the label and writes it to @ctx: the same for all layouts. */
static void parse_label(struct xt_option_call *cb, char ctx[XT_SECMARK2_CTX_SIZE])
{
	seclabel_option_parse(cb, TARGET, secmark2_options);
	if (cb->entry->id == O_SELCTX)
		seclabel_from_context(TARGET, cb->arg, SECLABEL_SET, ctx, XT_SECMARK2_CTX_SIZE);
	else if (cb->entry->id == O_SELTYPE)
		seclabel_from_type(TARGET, cb->arg, SECLABEL_SET, ctx, XT_SECMARK2_CTX_SIZE);
}

/* The kernel's two layouts differ only in where their fields are. */
static void secmark2_parse_stock(struct xt_option_call *cb, __u8 *mode, char *secctx)
{
	parse_label(cb, secctx);
	if (cb->entry->id == O_SAVE)
		native_refuse(TARGET, "--save",
			      "nearest on a stock kernel: this rule without --save, followed by "
			      "one with the same matches and -j CONNSECMARK2 --save");
	if (cb->entry->id == O_ACCEPT)
		native_refuse(TARGET, "--accept",
			      "nearest on a stock kernel: this rule without --accept, followed by "
			      "one with the same matches and -j ACCEPT");
	*mode = SECMARK_MODE_SEL;
}

static void parse_v0(struct xt_option_call *cb)
{
	struct xt_secmark_target_info *info = cb->data;

	secmark2_parse_stock(cb, &info->mode, info->secctx);
}

static void parse_v1(struct xt_option_call *cb)
{
	struct xt_secmark_target_info_v1 *info = cb->data;

	secmark2_parse_stock(cb, &info->mode, info->secctx);
}

static void secmark2_target_check(struct xt_fcheck_call *cb)
{
	if (!(cb->xflags & (F_SELCTX | F_SELTYPE)))
#ifdef DROP_IN
		xtables_error(PARAMETER_PROBLEM, TARGET ": --selctx is required");
#else
		xtables_error(PARAMETER_PROBLEM, TARGET ": one of --selctx and --seltype is "
							"required");
#endif
}

/* dashes: printed before the name of the option */
static void secmark2_print_stock_label(__u8 mode, const char *secctx, const char *dashes)
{
	printf(" %s", dashes);
	if (mode == SECMARK_MODE_SEL)
		printf("selctx %s", secctx);
	else
		printf("[unknown mode %u]", mode);
}

/* iptables-nft calls the functions of the latest revision for rules of each. */
static void secmark2_print_stock_options(const struct xt_entry_target *target, const char *dashes)
{
	const struct xt_secmark_target_info *v0 = (const void *)target->data;
	const struct xt_secmark_target_info_v1 *v1 = (const void *)target->data;

	switch (target->u.user.revision) {
	case 0:
		secmark2_print_stock_label(v0->mode, v0->secctx, dashes);
		break;
	case 1:
		secmark2_print_stock_label(v1->mode, v1->secctx, dashes);
		break;
	default:
		native_print_other(dashes);
	}
}

static void secmark2_print_stock(const void *ip, const struct xt_entry_target *target, int numeric)
{
	printf(" " TARGET);
	secmark2_print_stock_options(target, "");
}

static void secmark2_save_stock(const void *ip, const struct xt_entry_target *target)
{
	secmark2_print_stock_options(target, "--");
}

static struct xtables_target secmark2_stock[] = {
	{
		.version = XTABLES_VERSION,
		.name = TARGET,
		.real_name = KERNEL_NAME("SECMARK"),
		.ext_flags = EXT_FLAGS,
		.revision = 0,
		.family = NFPROTO_UNSPEC,
		.size = XT_ALIGN(sizeof(struct xt_secmark_target_info)),
		.userspacesize = XT_ALIGN(sizeof(struct xt_secmark_target_info)),
		.help = secmark2_target_help,
		.print = secmark2_print_stock,
		.save = secmark2_save_stock,
		.x6_parse = parse_v0,
		.x6_fcheck = secmark2_target_check,
		.x6_options = secmark2_options,
	},
	{
		.version = XTABLES_VERSION,
		.name = TARGET,
		.real_name = KERNEL_NAME("SECMARK"),
		.ext_flags = EXT_FLAGS,
		.revision = 1,
		.family = NFPROTO_UNSPEC,
		.size = XT_ALIGN(sizeof(struct xt_secmark_target_info_v1)),
		.userspacesize = offsetof(struct xt_secmark_target_info_v1, secid),
		.help = secmark2_target_help,
		.print = secmark2_print_stock,
		.save = secmark2_save_stock,
		.x6_parse = parse_v1,
		.x6_fcheck = secmark2_target_check,
		.x6_options = secmark2_options,
	},
};

#ifdef DROP_IN

__attribute__((constructor)) static void secmark2_target_register(void)
{
	xtables_register_targets(secmark2_stock,
				 sizeof(secmark2_stock) / sizeof(secmark2_stock[0]));
}

#else

static void secmark2_parse_native(struct xt_option_call *cb)
{
	struct xt_secmark2_tginfo2 *info = cb->data;

	parse_label(cb, info->secctx);
	info->mode = XT_SECMARK2_SELCTX;
	if (cb->entry->id == O_SAVE)
		info->flags |= XT_SECMARK2_SAVE;
	if (cb->entry->id == O_ACCEPT)
		info->flags |= XT_SECMARK2_ACCEPT;
}

/* What needs nothing of the module is a rule of the stock target, with or without the module. */
static void secmark2_check_native(struct xt_fcheck_call *cb)
{
	const struct xt_secmark2_tginfo2 *info = cb->data;

	secmark2_target_check(cb);
	if (!info->flags)
		native_use_stock(cb->data, "SECMARK", 1);
}

/* Is there nothing in it that another revision brought? */
static bool secmark2_is_known(const struct xt_entry_target *target)
{
	const struct xt_secmark2_tginfo2 *info = (const void *)target->data;

	return target->u.user.revision == XT_SECMARK2_TG_REVISION &&
	       native_has_size(target->u.target_size, sizeof(*info)) &&
	       info->mode == XT_SECMARK2_SELCTX &&
	       !(info->flags & ~(XT_SECMARK2_SAVE | XT_SECMARK2_ACCEPT)) && !info->pad[0] &&
	       !info->pad[1];
}

/* dashes: printed before the name of each option */
static void secmark2_print_options(const struct xt_entry_target *target, const char *dashes)
{
	const struct xt_secmark2_tginfo2 *info = (const void *)target->data;

	if (!secmark2_is_known(target)) {
		native_print_other(dashes);
		return;
	}
	printf(" %sselctx %s", dashes, info->secctx);
	if (info->flags & XT_SECMARK2_SAVE)
		printf(" %ssave", dashes);
	if (info->flags & XT_SECMARK2_ACCEPT)
		printf(" %saccept", dashes);
}

static void secmark2_print_native(const void *ip, const struct xt_entry_target *target, int numeric)
{
	printf(" " TARGET);
	secmark2_print_options(target, "");
}

static void secmark2_save_native(const void *ip, const struct xt_entry_target *target)
{
	secmark2_print_options(target, "--");
}

static struct xtables_target secmark2_native = {
	.version = XTABLES_VERSION,
	.name = TARGET,
	.revision = XT_SECMARK2_TG_REVISION,
	.family = NFPROTO_UNSPEC,
	.size = XT_ALIGN(sizeof(struct xt_secmark2_tginfo2)),
	.userspacesize = offsetof(struct xt_secmark2_tginfo2, secid),
	.help = secmark2_target_help,
	.print = secmark2_print_native,
	.save = secmark2_save_native,
	.x6_parse = secmark2_parse_native,
	.x6_fcheck = secmark2_check_native,
	.x6_options = secmark2_options,
};

/* Only this decides which target the name means in this process. */
__attribute__((constructor)) static void secmark2_target_register(void)
{
	native_register_targets(&secmark2_native, secmark2_stock,
				sizeof(secmark2_stock) / sizeof(secmark2_stock[0]));
}

#endif
