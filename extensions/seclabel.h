/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_SECLABEL_H
#define SECMARK2_SECLABEL_H

/* The use of a label: only giving it to packets needs a permission. */
enum seclabel_use {
	SECLABEL_SET,
	SECLABEL_MATCH,
};

struct xt_option_call;
struct xt_option_entry;

/**
 * seclabel_option_parse - parse an option, and refuse a conflict with an earlier one at once
 * @cb:      the call of x6_parse
 * @ext:     name of the extension, for messages
 * @options: its options
 *
 * libxtables checks this only when all options are parsed. Before that, a second label would be
 * judged.
 */
void seclabel_option_parse(struct xt_option_call *cb, const char *ext,
			   const struct xt_option_entry *options);

/**
 * seclabel_from_context - judge the argument of --selctx
 * @ext:  name of the extension, for messages
 * @text: the argument: a context, raw or as mcstrans shows it
 * @use:  the use of the label; in one process always the same
 * @out:  where to write the raw context, the only form that the kernel knows
 * @size: of @out: SECMARK_SECCTX_MAX, enough for every valid context
 *
 * Does not return for a bad context: iptables' own error function ends the process with
 * PARAMETER_PROBLEM. Warnings go to standard error. In one process, each distinct context is asked
 * about, and warned of, once.
 */
void seclabel_from_context(const char *ext, const char *text, enum seclabel_use use, char *out,
			   unsigned int size);

/**
 * seclabel_from_type - judge the argument of --seltype
 * @ext:  name of the extension, for messages
 * @type: the argument: the name of a type
 * @use:  the use of the label; in one process always the same
 * @out:  where to write the context that the running policy gives to objects,
 *        with this type
 * @size: of @out: SECMARK_SECCTX_MAX
 *
 * Ends the process as seclabel_from_context() does, also if the running policy cannot be asked for
 * that context.
 */
void seclabel_from_type(const char *ext, const char *type, enum seclabel_use use, char *out,
			unsigned int size);

#endif
