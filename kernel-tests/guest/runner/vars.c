// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/role.h"
#include "runner/vars.h"

static char **vars_find(const struct vars *v, const char *name, size_t len)
{
	for (size_t i = 0; i < v->list.n; i++)
		if (!strncmp(v->list.v[i], name, len) && v->list.v[i][len] == '=')
			return &v->list.v[i];
	return NULL;
}

void vars_set(struct vars *v, const char *name, const char *fmt, ...)
{
	char **old = vars_find(v, name, strlen(name));
	char *value, *entry;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&value, fmt, ap) < 0)
		abort();
	va_end(ap);
	entry = must_printf("%s=%s", name, value);
	free(value);
	if (old) {
		free(*old);
		*old = entry;
	} else {
		strs_add(&v->list, entry);
	}
}

const char *vars_get(const struct vars *v, const char *name, size_t name_len)
{
	char **entry = vars_find(v, name, name_len);

	return entry ? *entry + name_len + 1 : NULL;
}

/* What stands behind a type: ":s0" and on. */
static bool is_level(const char *text)
{
	return !strncmp(text, ":s", 2) && isdigit((unsigned char)text[2]);
}

char *context_of(const char *type)
{
	const char *level = strchr(type, ':');

	if (level && !is_level(level))
		return must_printf("%s", type);
	return must_printf("system_u:%s:%s%s", role_of(type, strcspn(type, ":")), type,
			   level ? "" : ":s0");
}

static size_t vars_name_length(const char *s)
{
	size_t n = 0;

	while (isupper((unsigned char)s[n]) || s[n] == '_' || (n && isdigit((unsigned char)s[n])))
		n++;
	return n;
}

/* How much of "web_t:s0:c1 ..." or "web_t,..." is TYPE[:LEVEL]. */
static size_t vars_type_length(const char *s)
{
	size_t n = 0;

	while (islower((unsigned char)s[n]) || isdigit((unsigned char)s[n]) || s[n] == '_')
		n++;
	if (is_level(s + n))
		n += 2 + strspn(s + n + 2, "0123456789c:.,");
	return n;
}

static bool word_starts(const char *text, const char *at)
{
	return at == text || strchr(" \t=\"',:", at[-1]);
}

char *vars_expand(const struct vars *v, const char *text, char **unknown)
{
	char *out = NULL, *context, *type;
	const char *value;
	size_t size, len;
	FILE *f = open_memstream(&out, &size);

	*unknown = NULL;
	for (const char *p = text; *p; p++) {
		if (*p == '$' && (len = vars_name_length(p + 1))) {
			value = vars_get(v, p + 1, len);
			if (!value && !*unknown)
				*unknown = must_printf("%.*s", (int)len + 1, p);
			fputs(value ? value : "", f);
			p += len;
		} else if (*p == '@' && word_starts(text, p) && (len = vars_type_length(p + 1))) {
			type = must_printf("%.*s", (int)len, p + 1);
			context = context_of(type);
			fputs(context, f);
			free(context);
			free(type);
			p += len;
		} else {
			fputc(*p, f);
		}
	}
	fclose(f);
	if (*unknown) {
		free(out);
		return NULL;
	}
	return out;
}
