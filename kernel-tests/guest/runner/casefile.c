// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/avc.h"
#include "runner/casefile.h"
#include "runner/steps.h"
#include "runner/test.h"

struct reader {
	struct suite *suite;
	struct test_case *current;
	const char *path;
	int line;
	bool in_setup;
};

/*
 * A word of the case language, and what its line does. arg is the rest of the line. Returns 0 or an
 * error text.
 */
struct word {
	const char *name;
	const char *(*read)(struct reader *r, char *arg);
	bool case_only; /* a setup has the topology, the axes and the needs of the cases that use it
			 */
};

/* Keys that the runner knows. A typing error in a value would silently become the default. */
static const struct {
	const char *key, *values[8];
} known_axes[] = {
	{ "ip", { "4", "6" } },
	{ "ipt", { "legacy", "nft" } },
	{ "sa", { "ah", "esp", "tunnel" } },
	{ "backend",
	  { "nft", "iptables-legacy", "iptables-nft", "iptc", "iptables-legacy+module",
	    "iptables-nft+module", "iptc+module" } },
};

static struct test_case *block_new(struct test_case ***list, size_t *n, const struct reader *r,
				   const char *name)
{
	struct test_case *tc = must_alloc(sizeof(*tc));

	*list = realloc(*list, (*n + 1) * sizeof(**list));
	if (!*list)
		abort();
	(*list)[(*n)++] = tc;
	*tc = (struct test_case){ .name = must_printf("%s", name),
				  .file = r->path,
				  .line = r->line };
	return tc;
}

/* A block without a step could not fail. */
static const char *block_end(const struct reader *r)
{
	const struct test_case *tc = r->current;

	return !tc || tc->steps.n || tc->setup ?
		       NULL :
		       "the block above has neither steps nor a setup it uses";
}

static const char *block_begin(struct reader *r, const char *name, bool setup)
{
	const char *wrong = block_end(r);

	r->in_setup = setup;
	if (setup)
		r->current = block_new(&r->suite->setups, &r->suite->n_setups, r, name);
	else
		r->current = block_new(&r->suite->v, &r->suite->n, r, name);
	return *name ? wrong : "the block needs a name";
}

static const char *casefile_read_case(struct reader *r, char *arg)
{
	return block_begin(r, arg, false);
}

static const char *casefile_read_setup(struct reader *r, char *arg)
{
	return block_begin(r, arg, true);
}

static const char *casefile_read_topo(struct reader *r, char *arg)
{
	r->current->topo = must_printf("%s", arg);
	return NULL;
}

static const char *casefile_read_need(struct reader *r, char *arg)
{
	strs_add(&r->current->needs, must_printf("%s", arg));
	return NULL;
}

/* NULL: any will do. */
static const char *const *values_known(const char *key)
{
	for (size_t i = 0; i < N_ELEMENTS(known_axes); i++)
		if (!strcmp(known_axes[i].key, key))
			return known_axes[i].values;
	return NULL;
}

/* Adds a value, or for * all there are. */
static const char *axis_add(struct axis *axis, const char *value)
{
	const char *const *known = values_known(axis->key);
	size_t before = axis->values.n;

	for (size_t i = 0; known && known[i]; i++)
		if (!strcmp(value, "*") || !strcmp(value, known[i]))
			strs_add(&axis->values, must_printf("%s", known[i]));
	if (!known)
		strs_add(&axis->values, must_printf("%s", value));
	return axis->values.n > before ? NULL :
					 "an unknown value (README lists the values of this key)";
}

/* KEY=VALUE,... */
static const char *axis_read(struct axis *axis, char *word)
{
	char *values = strchr(word, '='), *v;
	const char *wrong = NULL;

	if (!values || values == word)
		return "expected KEY=VALUE,VALUE";
	*values++ = '\0';
	axis->key = must_printf("%s", word);
	while (!wrong && (v = strsep(&values, ",")))
		wrong = *v ? axis_add(axis, v) : "an axis has an empty value";
	return wrong;
}

static const char *casefile_read_each(struct reader *r, char *arg)
{
	struct test_case *tc = r->current;
	const char *wrong = *arg ? NULL : "expected KEY=VALUE,VALUE";
	char *save = NULL;

	for (char *word = strtok_r(arg, " \t", &save); word && !wrong;
	     word = strtok_r(NULL, " \t", &save)) {
		if (tc->n_axes == N_ELEMENTS(tc->axes))
			return "too many keys";
		wrong = axis_read(&tc->axes[tc->n_axes++], word);
	}
	return wrong;
}

static struct step *step_add(struct test_case *tc)
{
	struct steps *steps = &tc->steps;

	steps->v = realloc(steps->v, (steps->n + 1) * sizeof(*steps->v));
	if (!steps->v)
		abort();
	memset(&steps->v[steps->n], 0, sizeof(*steps->v));
	return &steps->v[steps->n++];
}

static const char *casefile_read_use(struct reader *r, char *arg)
{
	if (r->current->steps.n || r->current->setup)
		return "use comes once, before the first step";
	for (size_t i = 0; i < r->suite->n_setups; i++)
		if (!strcmp(r->suite->setups[i]->name, arg))
			r->current->setup = r->suite->setups[i];
	return r->current->setup ? NULL : "no setup of that name above";
}

static struct step *casefile_last_step(struct reader *r)
{
	return r->current->steps.n ? &r->current->steps.v[r->current->steps.n - 1] : NULL;
}

static const char *casefile_attach(struct reader *r, size_t list, const char *mark, const char *arg)
{
	struct step *step = casefile_last_step(r);

	if (!step)
		return "no step above that it could belong to";
	strs_add((struct strs *)((char *)step + list), must_printf("%s%s", mark, arg));
	return NULL;
}

/* A step that runs no command has no streams to compare. */
static const char *casefile_attach_stream(struct reader *r, size_t list, const char *mark,
					  const char *arg)
{
	const struct step *step = casefile_last_step(r);

	return !step || step->kind->streams ? casefile_attach(r, list, mark, arg) :
					      "the step above has no streams";
}

static const char *casefile_read_in(struct reader *r, char *arg)
{
	return casefile_attach_stream(r, offsetof(struct step, in), "", arg);
}

/* Expected lines carry a mark: '=' exact, '~' with * for any text. */
static const char *casefile_read_out(struct reader *r, char *arg)
{
	return casefile_attach_stream(r, offsetof(struct step, out), "=", arg);
}

static const char *casefile_read_out_like(struct reader *r, char *arg)
{
	return casefile_attach_stream(r, offsetof(struct step, out), "~", arg);
}

static const char *casefile_read_err(struct reader *r, char *arg)
{
	return casefile_attach_stream(r, offsetof(struct step, err), "=", arg);
}

static const char *casefile_read_err_like(struct reader *r, char *arg)
{
	return casefile_attach_stream(r, offsetof(struct step, err), "~", arg);
}

static const char *casefile_read_avc(struct reader *r, char *arg)
{
	return casefile_attach(r, offsetof(struct step, avc), "", arg);
}

static const char *casefile_read_avc_often(struct reader *r, char *arg)
{
	return casefile_attach(r, offsetof(struct step, avc), STEP_OFTEN, arg);
}

static const char *casefile_read_log(struct reader *r, char *arg)
{
	return casefile_attach(r, offsetof(struct step, log), "", arg);
}

static const struct word words[] = {
	{ "case", casefile_read_case, false },      { "setup", casefile_read_setup, false },
	{ "topo", casefile_read_topo, true },       { "need", casefile_read_need, true },
	{ "each", casefile_read_each, true },       { "use", casefile_read_use, true },
	{ "in", casefile_read_in, false },          { "out", casefile_read_out, false },
	{ "out~", casefile_read_out_like, false },  { "err", casefile_read_err, false },
	{ "err~", casefile_read_err_like, false },  { "avc", casefile_read_avc, false },
	{ "avc+", casefile_read_avc_often, false }, { "log", casefile_read_log, false },
};

static const char *casefile_read_step(struct reader *r, const char *name, const char *arg)
{
	const struct step_kind *kind = step_kind_find(name);
	struct step *step;

	if (!kind)
		return "unknown word";
	step = step_add(r->current);
	step->kind = kind;
	step->file = r->path;
	step->line = r->line;
	step->text = must_printf("%s", arg);
	return NULL;
}

static const char *casefile_read_line(struct reader *r, char *line)
{
	char *name = line + strspn(line, " \t"), *arg;

	if (!*name || *name == '#')
		return NULL;
	arg = name + strcspn(name, " \t");
	if (*arg)
		*arg++ = '\0';
	arg += strspn(arg, " \t");
	if (!r->current && strcmp(name, "case") && strcmp(name, "setup"))
		return "expected case or setup first";
	for (size_t i = 0; i < N_ELEMENTS(words); i++) {
		if (strcmp(words[i].name, name))
			continue;
		return words[i].case_only && r->in_setup ? "a setup cannot have this" :
							   words[i].read(r, arg);
	}
	return casefile_read_step(r, name, arg);
}

int suite_read(struct suite *s, const char *path)
{
	struct reader r = { .suite = s, .path = path };
	struct strs lines = { 0 };
	const char *wrong;
	int err = 0;
	size_t len;
	char *text = file_slurp(path, &len);

	if (!text) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	strs_add_lines(&lines, text);
	for (size_t i = 0; i < lines.n; i++) {
		r.line = i + 1;
		wrong = casefile_read_line(&r, lines.v[i]);
		if (wrong) {
			fprintf(stderr, "%s:%d: %s: '%s'\n", path, r.line, wrong, lines.v[i]);
			err = -1;
		}
	}
	wrong = block_end(&r);
	if (wrong) {
		fprintf(stderr, "%s: at the end: %s\n", path, wrong);
		err = -1;
	}
	strs_free(&lines);
	free(text);
	return err;
}

static bool step_denies(const struct step *step)
{
	for (size_t i = 0; i < step->avc.n; i++)
		if (avc_line_denies(step->avc.v[i]))
			return true;
	return false;
}

const char *case_verdict(const struct test_case *tc)
{
	for (size_t i = 0; i < tc->steps.n; i++)
		if (step_denies(&tc->steps.v[i]))
			return "deny";
	return "allow";
}

static bool axis_same(const struct axis *a, const struct axis *b)
{
	bool same = !strcmp(a->key, b->key) && a->values.n == b->values.n;

	for (size_t i = 0; same && i < a->values.n; i++)
		same = !strcmp(a->values.v[i], b->values.v[i]);
	return same;
}

bool case_shares_setup(const struct test_case *a, const struct test_case *b)
{
	bool same = a->setup && a->setup == b->setup && a->n_axes == b->n_axes &&
		    a->needs.n == b->needs.n &&
		    !strcmp(a->topo ? a->topo : "", b->topo ? b->topo : "");

	for (size_t i = 0; same && i < a->needs.n; i++)
		same = strs_has(&b->needs, a->needs.v[i]);
	for (size_t i = 0; same && i < a->n_axes; i++)
		same = axis_same(&a->axes[i], &b->axes[i]);
	return same;
}
