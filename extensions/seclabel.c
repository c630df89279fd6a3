// SPDX-License-Identifier: GPL-2.0-only
/*
 * The label in a rule: asks the running policy about the text that the user wrote, and makes the
 * raw context for the rule from it.
 */
#include "seclabel.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <selinux/selinux.h>
#include <xtables.h>

#include "base/err.h"
#include "selinux/context.h"
#include "selinux/judged.h"
#include "selinux/oracle.h"
#include "selinux/oracle_kernel.h"

#ifndef DROP_IN
#define DROP_IN 0
#endif

/* An option as the user gave it, for messages. */
struct given {
	const char *ext;
	const char *option;
	const char *text;
	enum seclabel_use use;
};

/*
 * The policy is asked once about each distinct context, not once for each rule, but libxtables
 * gives an extension no memory that outlives a rule. So the oracle keeps its answers, and is never
 * freed (the plugin is linked with -z nodelete): freeing a policy node by node takes a third of the
 * time of reading it.
 */
static struct oracle *oracle;

__attribute__((noreturn)) static void seclabel_refuse(const struct given *g, const struct err *err)
{
	char quoted[320];

	err_quote(quoted, sizeof(quoted), g->text);
	if (*err->hint)
		xtables_error(PARAMETER_PROBLEM, "%s: --%s '%s': %s (%s)", g->ext, g->option,
			      quoted, err->what, err->hint);
	xtables_error(PARAMETER_PROBLEM, "%s: --%s '%s': %s", g->ext, g->option, quoted, err->what);
}

__attribute__((noreturn)) static void out_of_memory(const struct given *g)
{
	xtables_error(RESOURCE_PROBLEM, "%s: --%s: out of memory", g->ext, g->option);
}

static struct oracle *get_oracle(const struct given *g)
{
	if (!oracle)
		oracle = oracle_kernel_new();
	if (!oracle)
		out_of_memory(g);
	return oracle;
}

__attribute__((format(printf, 2, 3))) static void seclabel_warn(const struct given *g,
								const char *fmt, ...)
{
	char quoted[320];
	va_list ap;

	fprintf(stderr, "%s: warning: %s: --%s '%s': ", xt_params->program_name, g->ext, g->option,
		err_quote(quoted, sizeof(quoted), g->text));
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

/* SELinux judges a packet without a label by this context, but no label is not the same as this
 * label. */
static bool is_unlabeled(const char *raw)
{
	char *unlabeled;
	bool same;

	if (security_get_initial_context_raw("unlabeled", &unlabeled))
		return false;
	same = !strcmp(unlabeled, raw);
	freecon(unlabeled);
	return same;
}

/* Warns of a label that is valid, but probably not what the user wants. */
static void warn_of_trouble(const struct given *g, const char *raw)
{
	struct context ctx;
	struct err err;
	char *self;

	if (g->use == SECLABEL_MATCH && is_unlabeled(raw)) {
		seclabel_warn(
			g, "packets that no rule labeled have no label, not this one: ! --labeled "
			   "matches them");
		return;
	}
	if (g->use == SECLABEL_SET && oracle->ops->may_relabelto(oracle, NULL, raw) == 0 &&
	    !getcon_raw(&self)) {
		seclabel_warn(
			g,
			"'%s' may not relabelto packets with this label (class packet): the kernel "
			"refuses to load such a rule",
			self);
		freecon(self);
	}
	if (!context_parse(raw, &ctx, &err) && !oracle_is_packet_type(oracle, ctx.type)) {
		err_hint(&err, "%s", "");
		/* rules that take a label away mean it; these questions would load the policy */
		if (!is_unlabeled(raw)) {
			if (oracle_is_module_packet_type(oracle, ctx.type))
				return;
			oracle_hint_type(oracle, ctx.type, &err);
		}
		seclabel_warn(
			g,
			"type '%s' lacks the attribute packet_type, which the policy's rules for "
			"packets go by%s%s%s",
			ctx.type, *err.hint ? " (" : "", err.hint, *err.hint ? ")" : "");
	}
}

/* 0: valid; -EINVAL: not valid, err says why; another -errno: nobody knows */
static int seclabel_judge(const struct given *g, const char *raw, struct err *err)
{
	struct oracle *o = get_oracle(g);
	int ret = oracle_judge(o, raw, err);

	/* AppArmor and Smack have labels without colons, and the stock target takes them */
	if (ret == -EINVAL && DROP_IN && *raw && strlen(raw) <= CONTEXT_LEN_MAX &&
	    o->ops->valid(o, raw) == -ENOENT)
		return -ENOENT;
	if (!ret && oracle_tells_first(o, raw))
		warn_of_trouble(g, raw);
	return ret;
}

/* Returns the raw form of a context in mcstransd's form, for the caller to free, or NULL. */
static char *untranslate_context(const char *text)
{
	const char *p;
	char *raw;

	/* translated levels may have blanks, but control characters are refused everywhere */
	for (p = text; *p; p++)
		if (iscntrl((unsigned char)*p))
			return NULL;
	if (!*text || selinux_trans_to_raw_context(text, &raw))
		return NULL;
	if (strcmp(raw, text))
		return raw;
	freecon(raw);
	return NULL;
}

/* The same, with one question for each text: a rule set has the same few contexts in thousands of
 * rules. Returns false if there is no other form. */
static bool find_raw_form(const char *text, char raw[CONTEXT_LEN_MAX + 1])
{
	static struct judged forms; /* what: the raw form, or empty */
	const struct judgement *known = judged_find(&forms, text);
	struct err form = { "", "" };
	char *found;

	if (!known) {
		found = untranslate_context(text);
		if (found && strlen(found) <= CONTEXT_LEN_MAX)
			snprintf(form.what, sizeof(form.what), "%s", found);
		freecon(found);
		judged_add(&forms, text, 0, &form);
	}
	snprintf(raw, CONTEXT_LEN_MAX + 1, "%.*s", CONTEXT_LEN_MAX,
		 known ? known->what : form.what);
	return *raw;
}

void seclabel_option_parse(struct xt_option_call *cb, const char *ext,
			   const struct xt_option_entry *options)
{
	xtables_option_parse(cb);
	xtables_options_fcheck(ext, cb->xflags, options);
}

/* As snprintf() does, and cheaper: this is done once a rule. */
static void write_context(char *out, unsigned int size, const char *text)
{
	size_t len = strnlen(text, size - 1);

	memcpy(out, text, len);
	out[len] = '\0';
}

void seclabel_from_context(const char *ext, const char *text, enum seclabel_use use, char *out,
			   unsigned int size)
{
	const struct given g = { .ext = ext, .option = "selctx", .text = text, .use = use };
	char raw[CONTEXT_LEN_MAX + 1];
	bool translated = false;
	struct err err;
	int ret = seclabel_judge(&g, text, &err);

	/* most contexts are raw: mcstransd is asked only about a context that the kernel does not
	 * know */
	if (ret)
		translated = find_raw_form(text, raw);
	if (translated)
		ret = seclabel_judge(&g, raw, &err);
	if (ret == -EINVAL)
		seclabel_refuse(&g, &err);
	write_context(out, size, translated ? raw : text);
}

/* Writes the policy's own object context to @raw, with the given type in place of its type. */
static void context_of_type(const struct given *g, char *raw)
{
	struct oracle *o = get_oracle(g);
	const struct context *base;
	struct err err;
	int ret;

	if (context_check_chars(g->text, &err))
		seclabel_refuse(g, &err);
	if (strchr(g->text, ':')) {
		err_set(&err, -EINVAL, "this is not the name of a type");
		err_hint(&err, "a whole context is given with --selctx");
		seclabel_refuse(g, &err);
	}
	ret = oracle_base(o, &base);
	if (ret) {
		err_set(&err, ret, "the running policy's object context cannot be read: %s",
			ret == -ENOENT ? "SELinux has no policy here, or selinuxfs is not mounted" :
					 strerror(-ret));
		err_hint(&err, "give the whole context with --selctx");
		seclabel_refuse(g, &err);
	}
	if (context_format(raw, base->user, base->role, g->text, base->level)) {
		err_set(&err, -EINVAL, "the context '%s:%s:...' would be longer than %d bytes",
			base->user, base->role, CONTEXT_LEN_MAX);
		seclabel_refuse(g, &err);
	}
}

void seclabel_from_type(const char *ext, const char *type, enum seclabel_use use, char *out,
			unsigned int size)
{
	const struct given g = { .ext = ext, .option = "seltype", .text = type, .use = use };
	char raw[CONTEXT_LEN_MAX + 1];
	struct err err;

	context_of_type(&g, raw);
	if (seclabel_judge(&g, raw, &err) == -EINVAL)
		seclabel_refuse(&g, &err);
	write_context(out, size, raw);
}
