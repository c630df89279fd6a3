// SPDX-License-Identifier: GPL-2.0-only
/*
 * -j CONNSECMARK2: copy the label between packet and connection. With --overwrite or --accept this
 * is the target of xt_secmark2, else another name of the stock CONNSECMARK. Built with DROP_IN, it
 * is -j CONNSECMARK, with iptables' own options and listing.
 */
#include <stdio.h>

#include <linux/netfilter/xt_CONNSECMARK.h>
#include <xtables.h>

#include "native.h"
#include "xt_secmark2.h"

#ifdef DROP_IN
#define TARGET "CONNSECMARK"
#define KERNEL_NAME(name) NULL
#define EXT_FLAGS 0
#else
#define TARGET "CONNSECMARK2"
#define KERNEL_NAME(name) (name)
#define EXT_FLAGS XTABLES_EXT_ALIAS
#endif

enum {
	O_SAVE,
	O_RESTORE,
	O_OVERWRITE,
	O_ACCEPT,
	F_SAVE = 1 << O_SAVE,
	F_RESTORE = 1 << O_RESTORE,
};

static const struct xt_option_entry connsecmark2_options[] = {
	{ .name = "save", .id = O_SAVE, .type = XTTYPE_NONE, .excl = F_RESTORE },
	{ .name = "restore", .id = O_RESTORE, .type = XTTYPE_NONE, .excl = F_SAVE },
#ifndef DROP_IN
	{ .name = "overwrite", .id = O_OVERWRITE, .type = XTTYPE_NONE, .also = F_RESTORE },
	{ .name = "accept", .id = O_ACCEPT, .type = XTTYPE_NONE, .also = F_RESTORE },
#endif
	XTOPT_TABLEEND,
};

static void connsecmark2_help(void)
{
	printf(TARGET " target options:\n"
		      "  --save              label the connection as the packet, if it has no "
		      "label\n"
		      "  --restore           label the packet as its connection, if it has no "
		      "label\n");
#ifndef DROP_IN
	printf("  --overwrite         with --restore: also if the packet has a label (needs "
	       "xt_secmark2)\n"
	       "  --accept            with --restore: accept what has its connection's label\n"
	       "                      (needs xt_secmark2)\n");
#endif
}

static void connsecmark2_parse_stock(struct xt_option_call *cb)
{
	struct xt_connsecmark_target_info *info = cb->data;

	xtables_option_parse(cb);
	switch (cb->entry->id) {
	case O_SAVE:
		info->mode = CONNSECMARK_SAVE;
		break;
	case O_RESTORE:
		info->mode = CONNSECMARK_RESTORE;
		break;
	case O_OVERWRITE:
		native_refuse(TARGET, "--overwrite",
			      "no stock rule does this: a stock kernel restores only to "
			      "packets without a label");
	case O_ACCEPT:
		native_refuse(TARGET, "--accept",
			      "nearest on a stock kernel: this rule without --accept, and "
			      "after it -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT");
	}
}

static void connsecmark2_check(struct xt_fcheck_call *cb)
{
	if (!(cb->xflags & (F_SAVE | F_RESTORE)))
		xtables_error(PARAMETER_PROBLEM, TARGET ": one of --save and --restore is "
							"required");
}

/* dashes: printed before the name of the option */
static void print_mode(const struct xt_entry_target *target, const char *dashes)
{
	const struct xt_connsecmark_target_info *info = (const void *)target->data;

	if (target->u.user.revision) {
		native_print_other(dashes);
		return;
	}
	printf(" %s", dashes);
	switch (info->mode) {
	case CONNSECMARK_SAVE:
		printf("save");
		break;
	case CONNSECMARK_RESTORE:
		printf("restore");
		break;
	default:
		printf("[unknown mode %u]", info->mode);
	}
}

static void print_stock(const void *ip, const struct xt_entry_target *target, int numeric)
{
	printf(" " TARGET);
	print_mode(target, "");
}

static void save_stock(const void *ip, const struct xt_entry_target *target)
{
	print_mode(target, "--");
}

static struct xtables_target connsecmark2_stock = {
	.version = XTABLES_VERSION,
	.name = TARGET,
	.real_name = KERNEL_NAME("CONNSECMARK"),
	.ext_flags = EXT_FLAGS,
	.revision = 0,
	.family = NFPROTO_UNSPEC,
	.size = XT_ALIGN(sizeof(struct xt_connsecmark_target_info)),
	.userspacesize = XT_ALIGN(sizeof(struct xt_connsecmark_target_info)),
	.help = connsecmark2_help,
	.print = print_stock,
	.save = save_stock,
	.x6_parse = connsecmark2_parse_stock,
	.x6_fcheck = connsecmark2_check,
	.x6_options = connsecmark2_options,
};

#ifdef DROP_IN

__attribute__((constructor)) static void connsecmark2_register(void)
{
	xtables_register_target(&connsecmark2_stock);
}

#else

static void connsecmark2_parse_native(struct xt_option_call *cb)
{
	struct xt_connsecmark2_tginfo2 *info = cb->data;

	xtables_option_parse(cb);
	switch (cb->entry->id) {
	case O_SAVE:
		info->mode = XT_CONNSECMARK2_SAVE;
		break;
	case O_RESTORE:
		info->mode = XT_CONNSECMARK2_RESTORE;
		break;
	case O_OVERWRITE:
		info->flags |= XT_CONNSECMARK2_OVERWRITE;
		break;
	case O_ACCEPT:
		info->flags |= XT_CONNSECMARK2_ACCEPT;
		break;
	}
}

/* Is there nothing in it that another revision brought? */
static bool connsecmark2_is_known(const struct xt_entry_target *target)
{
	const struct xt_connsecmark2_tginfo2 *info = (const void *)target->data;
	__u8 flags = 0;

	if (info->mode == XT_CONNSECMARK2_RESTORE)
		flags = XT_CONNSECMARK2_OVERWRITE | XT_CONNSECMARK2_ACCEPT;
	return target->u.user.revision == XT_CONNSECMARK2_TG_REVISION &&
	       native_has_size(target->u.target_size, sizeof(*info)) &&
	       (info->mode == XT_CONNSECMARK2_SAVE || info->mode == XT_CONNSECMARK2_RESTORE) &&
	       !(info->flags & ~flags) && !info->pad[0] && !info->pad[1];
}

/* dashes: printed before the name of each option */
static void connsecmark2_print_options(const struct xt_entry_target *target, const char *dashes)
{
	const struct xt_connsecmark2_tginfo2 *info = (const void *)target->data;

	if (!connsecmark2_is_known(target)) {
		native_print_other(dashes);
		return;
	}
	printf(" %s%s", dashes, info->mode == XT_CONNSECMARK2_SAVE ? "save" : "restore");
	if (info->flags & XT_CONNSECMARK2_OVERWRITE)
		printf(" %soverwrite", dashes);
	if (info->flags & XT_CONNSECMARK2_ACCEPT)
		printf(" %saccept", dashes);
}

static void connsecmark2_print_native(const void *ip, const struct xt_entry_target *target,
				      int numeric)
{
	printf(" " TARGET);
	connsecmark2_print_options(target, "");
}

static void connsecmark2_save_native(const void *ip, const struct xt_entry_target *target)
{
	connsecmark2_print_options(target, "--");
}

/* What needs nothing of the module is a rule of the stock target, with or without the module. */
static void connsecmark2_check_native(struct xt_fcheck_call *cb)
{
	const struct xt_connsecmark2_tginfo2 *info = cb->data;

	connsecmark2_check(cb);
	if (!info->flags)
		native_use_stock(cb->data, "CONNSECMARK", 0);
}

/*
 * There is no .xlate. nft always assigns, so it can replace a label, or remove one; and it has no
 * verdict that depends on labels. "nft list ruleset" prints what .xlate says, and a reload of that
 * would load other rules.
 */
static struct xtables_target connsecmark2_native = {
	.version = XTABLES_VERSION,
	.name = TARGET,
	.revision = XT_CONNSECMARK2_TG_REVISION,
	.family = NFPROTO_UNSPEC,
	.size = XT_ALIGN(sizeof(struct xt_connsecmark2_tginfo2)),
	.userspacesize = XT_ALIGN(sizeof(struct xt_connsecmark2_tginfo2)),
	.help = connsecmark2_help,
	.print = connsecmark2_print_native,
	.save = connsecmark2_save_native,
	.x6_parse = connsecmark2_parse_native,
	.x6_fcheck = connsecmark2_check_native,
	.x6_options = connsecmark2_options,
};

/* Only this decides which target the name means in this process. */
__attribute__((constructor)) static void connsecmark2_register(void)
{
	native_register_targets(&connsecmark2_native, &connsecmark2_stock, 1);
}

#endif
