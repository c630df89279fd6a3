// SPDX-License-Identifier: GPL-2.0-only
#include "load/load.h"

#include <errno.h>

#include "base/err.h"
#include "load/machine.h"
#include "load/state.h"

/* New rules first: labels from two sides are the same, but labels from none would be none. */
static int change(const struct built *b, struct machine *m, struct backend_report *report,
		  struct err *err)
{
	enum place place = b->ops->place;
	unsigned int before;
	struct err ignored;
	bool changed;
	int ret = machine_places(m, &before, err);

	/* what cannot be read could not be removed either, and so far nothing has been changed */
	if (!ret)
		ret = machine_load(m, b, report, err);
	if (ret)
		return ret;
	changed = report->changed;
	ret = machine_remove(m, before & ~place, report, err);
	if (!ret || !changed)
		return ret;
	/* the old rules are elsewhere, and the new ones are not to be there beside them; those that
	 * have taken the place of older ones, though, are all that there is of them */
	if (!(before & place))
		machine_remove(m, place, report, &ignored);
	else
		err_hint(err, "the new rules are loaded, but older rules of another backend are "
			      "still there");
	report->left = before & place;
	return ret;
}

/* Did an earlier run not come to its end? */
static bool was_interrupted(void)
{
	struct record begun;
	struct err ignored;
	int ret = record_read_begun(&begun, &ignored);

	record_free(&begun);
	return ret != -ENOENT;
}

/* After the rules: puts it on record, or takes it back where nothing has begun that somebody has to
 * finish. */
static int settle(const struct record_lock *lock, int ret, bool interrupted, bool removed,
		  struct backend_report *report, struct err *err)
{
	if (!ret) {
		ret = record_end(lock, removed, err);
		report->left = ret;
	} else if (!interrupted && !report->left) {
		record_abandon(lock);
	}
	return ret;
}

int load(const struct built *b, struct machine *m, const struct record_lock *lock,
	 const struct record *record, struct backend_report *report, struct err *err)
{
	bool interrupted = was_interrupted();
	int ret = record_begin(lock, record, err);

	return ret ? ret : settle(lock, change(b, m, report, err), interrupted, false, report, err);
}

static int remove_all(struct machine *m, struct backend_report *report, struct err *err)
{
	unsigned int places;
	int ret = machine_places(m, &places, err);

	if (!ret)
		ret = machine_remove(m, places, report, err);
	/* of several places some may be empty now */
	report->left = ret && report->changed;
	return ret;
}

int load_nothing(const struct record_lock *lock, const struct record *before,
		 struct backend_report *report, struct err *err)
{
	static char nothing[] = "";
	struct record removing = { .plan_name = before->plan_name, .backend = before->backend };
	bool interrupted = was_interrupted();
	struct machine m = { 0 };
	int ret;

	if (!removing.plan_name)
		removing.plan_name = nothing;
	if (!removing.backend)
		removing.backend = nothing;
	ret = record_begin(lock, &removing, err);
	if (!ret)
		ret = settle(lock, remove_all(&m, report, err), interrupted, true, report, err);
	machine_free(&m);
	return ret;
}
