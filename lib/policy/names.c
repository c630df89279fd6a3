// SPDX-License-Identifier: GPL-2.0-only
#include "policy/names.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "plan/plan.h"
#include "util/alloc.h"
#include "util/diag.h"

/* libsepol/cil/src/cil_verify.c, __cil_is_reserved_name(), of version 3.8 */
static const char *const cil_words[] = { "all", "and",   "not",  "notself",
					 "or",  "other", "self", "xor" };

/* checkpolicy/policy_scan.l, in small letters. checkmodule takes most of them in capitals, too. */
static const char *const te_words[] = {
	"alias",
	"allow",
	"allowxperm",
	"and",
	"attribute",
	"attribute_role",
	"auditallow",
	"auditallowxperm",
	"auditdeny",
	"bool",
	"category",
	"class",
	"clone",
	"common",
	"constrain",
	"default_range",
	"default_role",
	"default_type",
	"default_user",
	"devicetreecon",
	"dom",
	"domby",
	"dominance",
	"dontaudit",
	"dontauditxperm",
	"else",
	"eq",
	"equals",
	"expandattribute",
	"false",
	"fs_use_task",
	"fs_use_trans",
	"fs_use_xattr",
	"fscon",
	"genfscon",
	"glblub",
	"h1",
	"h2",
	"high",
	"ibendportcon",
	"ibpkeycon",
	"if",
	"incomp",
	"inherits",
	"iomemcon",
	"ioportcon",
	"l1",
	"l2",
	"level",
	"low",
	"low_high",
	"mlsconstrain",
	"mlsvalidatetrans",
	"module",
	"netifcon",
	"neverallow",
	"neverallowxperm",
	"nodecon",
	"not",
	"notself",
	"optional",
	"or",
	"other",
	"pcidevicecon",
	"permissive",
	"pirqcon",
	"policycap",
	"portcon",
	"r1",
	"r2",
	"r3",
	"range",
	"range_transition",
	"require",
	"role",
	"role_transition",
	"roleattribute",
	"roles",
	"sameuser",
	"self",
	"sensitivity",
	"sid",
	"source",
	"t1",
	"t2",
	"t3",
	"target",
	"true",
	"tunable",
	"type",
	"type_change",
	"type_member",
	"type_transition",
	"typealias",
	"typeattribute",
	"typebounds",
	"types",
	"u1",
	"u2",
	"u3",
	"user",
	"validatetrans",
	"xor",
};

/* m4's own, and those of refpolicy's support/loadable_module.spt and misc_macros.spt */
static const char *const macros[] = {
	"builtin",      "changecom",      "changequote", "changeword",
	"debugfile",    "debugmode",      "decr",        "define",
	"defn",         "divert",         "divnum",      "dnl",
	"dumpdef",      "errprint",       "esyscmd",     "eval",
	"format",       "gen_bool",       "gen_context", "gen_require",
	"gen_tunable",  "gen_user",       "ifdef",       "ifelse",
	"ifndef",       "include",        "incr",        "index",
	"indir",        "interface",      "len",         "m4exit",
	"m4wrap",       "maketemp",       "mkstemp",     "optional_policy",
	"patsubst",     "policy_module",  "popdef",      "pushdef",
	"refpolicyerr", "refpolicywarn",  "regexp",      "shift",
	"shiftn",       "sinclude",       "substr",      "syscmd",
	"sysval",       "template",       "traceoff",    "traceon",
	"translit",     "tunable_policy", "undefine",    "undivert",
	"unix",
};

static bool is_one_of(const char *const *words, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strcasecmp(words[i], name))
			return true;
	return false;
}

#define IS_ONE_OF(words, name) is_one_of(words, sizeof(words) / sizeof(*(words)), name)

bool policy_names_is_reserved(const char *name)
{
	return IS_ONE_OF(te_words, name) || IS_ONE_OF(macros, name);
}

/* Has it the letters of a name? CIL also takes a -. */
static bool is_word(const char *name, const char *others)
{
	const char *c;

	for (c = name; *c; c++)
		if (!isascii(*c) || (!isalnum((unsigned char)*c) && !strchr(others, *c)))
			return false;
	return isalpha((unsigned char)*name);
}

static bool can_say(enum policy_language language, const char *type)
{
	size_t len = strlen(type);

	if (language == POLICY_CIL)
		return is_word(type, "_-") && !IS_ONE_OF(cil_words, type);
	return is_word(type, "_") && len > 2 && !strcmp(type + len - 2, "_t");
}

int policy_names_stem(const char *type)
{
	static const char *const ends[] = { "_packet_t", "_t" };
	size_t len = strlen(type), i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (len > strlen(ends[i]) && !strcmp(type + len - strlen(ends[i]), ends[i]))
			return len - strlen(ends[i]);
	return len;
}

static int by_stem(const void *x, const void *y)
{
	const struct plan_label *a = *(const struct plan_label *const *)x;
	const struct plan_label *b = *(const struct plan_label *const *)y;
	int a_len = policy_names_stem(a->text), b_len = policy_names_stem(b->text);
	int order = strncmp(a->text, b->text, a_len < b_len ? a_len : b_len);

	if (!order)
		order = a_len - b_len;
	return order ? order : (a > b) - (a < b);
}

static bool same_stem(const struct plan_label *a, const struct plan_label *b)
{
	int len = policy_names_stem(a->text);

	return len == policy_names_stem(b->text) && !strncmp(a->text, b->text, len);
}

static void check_stems(const struct plan *plan, struct diag *diag)
{
	const struct plan_label **v = alloc_zeroed(plan->n_types + 1, sizeof(*v));
	size_t i;

	for (i = 0; i < plan->n_types; i++)
		v[i] = &plan->types[i];
	qsort(v, plan->n_types, sizeof(*v), by_stem);
	for (i = 1; i < plan->n_types; i++)
		if (same_stem(v[i - 1], v[i]))
			diag_add(diag, DIAG_ERROR, v[i]->pos, v[i]->text, "rename one of them",
				 "the type %s has interfaces with the same names", v[i - 1]->text);
	free(v);
}

void policy_names_check(const struct plan *plan, enum policy_language language, struct diag *diag)
{
	const struct plan_label *type;

	for (type = plan->types; type < plan->types + plan->n_types; type++)
		if (!can_say(language, type->text))
			diag_add(diag, DIAG_ERROR, type->pos, type->text,
				 language == POLICY_CIL ?
					 "letters, digits, _ and -, a letter first, and no "
					 "keyword" :
					 "letters, digits and _, a letter first, and _t at the "
					 "end: other words can be macros",
				 language == POLICY_CIL ? "CIL cannot have this type" :
							  "refpolicy's Makefile cannot have this "
							  "type");
	if (language == POLICY_IF)
		check_stems(plan, diag);
}
