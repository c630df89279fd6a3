/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_SELINUX_CONTEXT_H
#define SECMARK2_SELINUX_CONTEXT_H

struct err;

/* The longest context a SECMARK rule can carry, in bytes without the final
 * NUL: SECMARK_SECCTX_MAX - 1, include/uapi/linux/netfilter/xt_SECMARK.h */
#define CONTEXT_LEN_MAX 255

/* A security context in its parts, which point into text[]. */
struct context {
	const char *user;
	const char *role;
	const char *type;
	const char *level; /* NULL where the context has none */
	char text[CONTEXT_LEN_MAX + 1];
};

/**
 * context_parse - split a context into its fields, judging only its shape
 * @text: USER:ROLE:TYPE[:LEVEL]; only the level may contain further colons
 * @ctx:  where to
 * @err:  filled on failure
 *
 * Returns 0, or -EINVAL for an empty or overlong context, white space or a
 * control character in it, or a wrong number of fields or an empty one.
 */
int context_parse(const char *text, struct context *ctx, struct err *err);

/**
 * context_format - put a context together
 * @out:   where to
 * @user:  its user
 * @role:  its role
 * @type:  its type
 * @level: its level, or NULL
 *
 * Returns 0, or -ENAMETOOLONG where it is longer than CONTEXT_LEN_MAX.
 */
int context_format(char out[CONTEXT_LEN_MAX + 1], const char *user, const char *role,
		   const char *type, const char *level);

/**
 * context_check_chars - refuse what no context or name may contain
 * @text: a context, or a part of one
 * @err:  filled on failure
 *
 * Returns 0, or -EINVAL for an empty text, white space or a control character.
 */
int context_check_chars(const char *text, struct err *err);

#endif
