// SPDX-License-Identifier: GPL-2.0-only
#include "load/load.h"

#include <errno.h>

#include "base/err.h"
#include "load/backends.h"
#include "load/machine.h"
#include "load/state.h"

/* How often rules are read that others change at the same time. */
#define DIGEST_TRIES 2

/* The steps of a load or a removal. Each tells transition.h what happened. */
struct load_run {
	struct machine *m;
	const struct state_lock *lock;
	struct load_result *result;
	bool resumed; /* an earlier run was interrupted */
};

static void load_advance(const struct load_run *run, enum load_event event)
{
	run->result->end = load_next(run->result->end, event);
}

static bool load_was_interrupted(void)
{
	struct load_state begun;
	struct err ignored;
	int ret = state_read_begun(&begun, &ignored);

	state_clear(&begun);
	return ret != -ENOENT;
}

static int load_begin(struct load_run *run, const struct load_state *state, struct err *err)
{
	int ret;

	run->result->end = LOAD_IDLE;
	run->resumed = load_was_interrupted();
	ret = state_begin(run->lock, state, err);
	load_advance(run, ret ? LOAD_ON_FAIL : LOAD_ON_BEGIN);
	return ret;
}

/* Rules that cannot be found could not be removed either. */
static int load_find_old(const struct load_run *run, unsigned int *places, struct err *err)
{
	int ret = machine_places(run->m, places, err);

	if (ret)
		load_advance(run, LOAD_ON_FAIL);
	return ret;
}

unsigned int load_recorded_place(void)
{
	const struct backend_ops *ops = NULL;
	struct load_state loaded = { 0 };
	struct err ignored;

	if (!state_read(&loaded, &ignored))
		ops = backends_find(loaded.backend, &ignored);
	state_clear(&loaded);
	return ops ? ops->place : 0;
}

/* The record is all that tells of rules in a place that the kernel does not show. */
static int load_check_hidden(const struct load_run *run, struct err *err)
{
	if (!run->m->hidden || !(load_recorded_place() & run->m->hidden))
		return 0;
	load_advance(run, LOAD_ON_FAIL);
	err_set(err, -EOPNOTSUPP,
		"the loaded rules are in legacy tables, and this kernel does not let 32-bit "
		"programs use these");
	err_hint(err, "use a 64-bit secmarkctl");
	return -EOPNOTSUPP;
}

static int load_new(const struct load_run *run, const struct built *b, unsigned int before,
		    struct err *err)
{
	struct backend_report *report = &run->result->report;
	int ret = machine_load(run->m, b, report, err);

	if (ret)
		load_advance(run, report->left ? LOAD_ON_BREAK : LOAD_ON_FAIL);
	else if (report->changed)
		load_advance(run, before & b->ops->place ? LOAD_ON_REPLACE : LOAD_ON_ADD);
	return ret;
}

static int load_clear(const struct load_run *run, unsigned int places, struct err *err)
{
	struct backend_report report = { 0 };
	int ret = machine_remove(run->m, places, &report, err);

	if (run->m->hidden)
		backend_warn(&report, "this kernel does not let 32-bit programs use legacy tables: "
				      "rules there, if any, stay");
	if (ret && run->result->end == LOAD_REPLACED)
		err_hint(err, "the new rules are loaded, but older rules of another backend are "
			      "still there");
	if (ret)
		load_advance(run, report.changed || report.left ? LOAD_ON_BREAK : LOAD_ON_FAIL);
	else
		load_advance(run, LOAD_ON_CLEAR);
	run->result->report.changed |= report.changed;
	backend_warn_all(&run->result->report, &report);
	backend_report_free(&report);
	return ret;
}

/* The error stays the one of the step that failed. */
static void load_undo(const struct load_run *run, unsigned int new_places)
{
	struct backend_report ignored = { 0 };
	struct err err;
	int ret = machine_remove(run->m, new_places, &ignored, &err);

	backend_report_free(&ignored);
	load_advance(run, ret ? LOAD_ON_BREAK : LOAD_ON_BACK);
}

static bool load_is_there(const struct backend_ops *ops, const struct built *b)
{
	struct err ignored;
	struct seen *seen;
	bool is;

	if (ops->look(ops, &seen, &ignored))
		return false;
	is = ops->compare(seen, b) == BACKEND_SAME;
	ops->forget(seen);
	return is;
}

/* The digest of these rules, if others did not change them since they were loaded. */
static bool load_take_digest(const struct load_run *run, const struct built *b, uint64_t *digest)
{
	const struct backend_ops *keeper = backends_keeper(b->ops->place);
	struct err ignored;
	uint64_t after;
	int tries = 0;

	do {
		if (keeper->digest(digest, &ignored))
			return false;
		/* the keeper starts fewer programs */
		if (!run->result->report.rest && !load_is_there(keeper, b) &&
		    (keeper == b->ops || !load_is_there(b->ops, b)))
			return false;
		if (keeper->digest(&after, &ignored))
			return false;
	} while (after != *digest && ++tries < DIGEST_TRIES);
	return after == *digest;
}

/* The load had nothing to do, and the rules are those of the digest that is there. */
static bool load_has_digest(const struct load_run *run, const struct backend_ops *keeper)
{
	struct err ignored;
	uint64_t kept, now;

	return !run->result->report.changed && !state_read_digest(&kept) &&
	       !keeper->digest(&now, &ignored) && now == kept;
}

/* So that intact.h can tell later whether they are still these. */
static void load_keep_digest(const struct load_run *run, const struct built *b)
{
	const struct backend_ops *keeper = backends_keeper(b->ops->place);
	uint64_t digest;

	/* the place remembers it */
	if (!keeper->digest || load_has_digest(run, keeper))
		return;
	state_keep_digest(run->lock, load_take_digest(run, b, &digest) ? &digest : NULL);
}

static int load_record(const struct load_run *run, bool removed, struct err *err)
{
	int ret = state_end(run->lock, removed, err);

	load_advance(run, ret ? LOAD_ON_BREAK : LOAD_ON_END);
	return ret;
}

/* Does what the end demands, except for the guard: that is the caller's. */
static void load_finish(const struct load_run *run, unsigned int new_places)
{
	if (run->result->end == LOAD_UNDOING)
		load_undo(run, new_places);
	if (load_drops_record(run->result->end, run->resumed))
		state_abandon(run->lock);
}

/* The new rules come first. A packet that meets old and new rules gets the right label; one that
 * meets none gets no label. */
int load(const struct built *b, struct machine *m, const struct state_lock *lock,
	 const struct load_state *state, struct load_result *result, struct err *err)
{
	struct load_run run = { .m = m, .lock = lock, .result = result };
	unsigned int before;
	int ret = load_begin(&run, state, err);

	if (!ret)
		ret = load_find_old(&run, &before, err);
	if (!ret)
		ret = load_check_hidden(&run, err);
	if (!ret)
		ret = load_new(&run, b, before, err);
	if (!ret)
		ret = load_clear(&run, before & ~b->ops->place, err);
	if (!ret) {
		load_keep_digest(&run, b);
		ret = load_record(&run, false, err);
	}
	load_finish(&run, b->ops->place);
	return ret;
}

int load_nothing(const struct state_lock *lock, const struct load_state *before,
		 struct load_result *result, struct err *err)
{
	static char nothing[] = "";
	struct load_state removing = {
		.plan_name = before->plan_name ? before->plan_name : nothing,
		.backend = before->backend ? before->backend : nothing,
	};
	struct machine m = { 0 };
	struct load_run run = { .m = &m, .lock = lock, .result = result };
	unsigned int places;
	int ret = load_begin(&run, &removing, err);

	if (!ret)
		ret = load_find_old(&run, &places, err);
	if (!ret)
		ret = load_check_hidden(&run, err);
	if (!ret)
		ret = load_clear(&run, places, err);
	if (!ret)
		ret = load_record(&run, true, err);
	load_finish(&run, 0);
	machine_free(&m);
	return ret;
}
