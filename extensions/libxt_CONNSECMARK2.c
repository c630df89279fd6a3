// SPDX-License-Identifier: GPL-2.0-only
/*
 * -j CONNSECMARK2: copy the label between packet and connection.
 * Built with DROP_IN it is -j CONNSECMARK, with iptables' own options and listing.
 */
#include <stdio.h>

#include <linux/netfilter/xt_CONNSECMARK.h>
#include <xtables.h>

#ifdef DROP_IN
#define TARGET "CONNSECMARK"
#define ALIAS_OF(kernel_name)
#else
#define TARGET "CONNSECMARK2"
#define ALIAS_OF(kernel_name) .real_name = (kernel_name), .ext_flags = XTABLES_EXT_ALIAS,
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
	{ .name = "overwrite", .id = O_OVERWRITE, .type = XTTYPE_NONE },
	{ .name = "accept", .id = O_ACCEPT, .type = XTTYPE_NONE },
#endif
	XTOPT_TABLEEND,
};

static void connsecmark2_help(void)
{
	printf(TARGET " target options:\n"
	       "  --save              label the connection as the packet, if it has no label\n"
	       "  --restore           label the packet as its connection, if it has no label\n");
#ifndef DROP_IN
	printf("  --overwrite         with --restore: whatever label the packet has (needs xt_secmark2)\n"
	       "  --accept            with --restore: accept what carries its connection's label\n"
	       "                      (needs xt_secmark2)\n");
#endif
}

static void connsecmark2_parse(struct xt_option_call *cb)
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
		xtables_error(PARAMETER_PROBLEM, TARGET ": --overwrite needs the kernel module xt_secmark2, which is "
			      "not there; no stock rule does this: a stock kernel restores only to packets "
			      "without a label");
	case O_ACCEPT:
		xtables_error(PARAMETER_PROBLEM, TARGET ": --accept needs the kernel module xt_secmark2, which is "
			      "not there; nearest on a stock kernel: this rule without --accept, and behind it "
			      "-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT");
	}
}

static void connsecmark2_check(struct xt_fcheck_call *cb)
{
	if (!(cb->xflags & (F_SAVE | F_RESTORE)))
		xtables_error(PARAMETER_PROBLEM, TARGET ": one of --save and --restore is required");
}

static void print_mode(const struct xt_entry_target *target)
{
	const struct xt_connsecmark_target_info *info = (const void *)target->data;

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

static void connsecmark2_print(const void *ip, const struct xt_entry_target *target, int numeric)
{
	printf(" " TARGET " ");
	print_mode(target);
}

static void connsecmark2_save(const void *ip, const struct xt_entry_target *target)
{
	printf(" --");
	print_mode(target);
}

static struct xtables_target connsecmark2_target = {
	.version = XTABLES_VERSION,
	.name = TARGET,
	ALIAS_OF("CONNSECMARK")
	.revision = 0,
	.family = NFPROTO_UNSPEC,
	.size = XT_ALIGN(sizeof(struct xt_connsecmark_target_info)),
	.userspacesize = XT_ALIGN(sizeof(struct xt_connsecmark_target_info)),
	.help = connsecmark2_help,
	.print = connsecmark2_print,
	.save = connsecmark2_save,
	.x6_parse = connsecmark2_parse,
	.x6_fcheck = connsecmark2_check,
	.x6_options = connsecmark2_options,
};

/* The one place where it is decided what the name stands for in this process. */
__attribute__((constructor)) static void connsecmark2_register(void)
{
	xtables_register_target(&connsecmark2_target);
}
