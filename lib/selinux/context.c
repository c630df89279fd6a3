// SPDX-License-Identifier: GPL-2.0-only
#include "selinux/context.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/utf8.h"

int context_check_chars(const char *text, struct err *err)
{
	const char *p;
	size_t n;

	if (!*text)
		return err_set(err, -EINVAL, "the value is empty");
	for (p = text; *p; p += n) {
		unsigned char c = *p;

		n = utf8_len(p);

		if (c == ' ')
			return err_set(err, -EINVAL, "white space at character %td", p - text + 1);
		if (utf8_is_control(p))
			return err_set(err, -EINVAL, "control character \\x%02x at character %td",
				       c, p - text + 1);
		if (!n)
			return err_set(err, -EINVAL, "\\x%02x at character %td is not UTF-8", c,
				       p - text + 1);
	}
	return 0;
}

/* Ends the field at *rest with a NUL, and moves *rest after its colon; to NULL after the last
 * field. */
static const char *next_field(char **rest)
{
	return *rest ? strsep(rest, ":") : NULL;
}

int context_parse(const char *text, struct context *ctx, struct err *err)
{
	size_t len = strlen(text);
	char *rest = ctx->text;
	int ret;

	ret = context_check_chars(text, err);
	if (ret)
		return ret;
	if (len > CONTEXT_LEN_MAX)
		return err_set(err, -EINVAL,
			       "the context is %zu bytes long, but a rule can carry at most %d",
			       len, CONTEXT_LEN_MAX);
	memcpy(ctx->text, text, len + 1);
	ctx->user = next_field(&rest);
	ctx->role = next_field(&rest);
	ctx->type = next_field(&rest);
	ctx->level = rest;
	if (ctx->type && *ctx->user && *ctx->role && *ctx->type && (!ctx->level || *ctx->level))
		return 0;
	err_set(err, -EINVAL,
		ctx->type ? "the context has an empty field" : "the context has too few fields");
	err_hint(err, "expected USER:ROLE:TYPE or USER:ROLE:TYPE:LEVEL");
	return -EINVAL;
}

int context_format(char out[CONTEXT_LEN_MAX + 1], const char *user, const char *role,
		   const char *type, const char *level)
{
	int n = snprintf(out, CONTEXT_LEN_MAX + 1, "%s:%s:%s%s%s", user, role, type,
			 level ? ":" : "", level ? level : "");

	return n > CONTEXT_LEN_MAX ? -ENAMETOOLONG : 0;
}
