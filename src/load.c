// SPDX-License-Identifier: GPL-2.0-only
#include "load.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "backends.h"
#include "err.h"
#include "record.h"
#include "rules.h"

/* From here on all or nothing: whoever wants us to end waits for that. */
static void hold_signals(sigset_t *before)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		sigaddset(&set, ends[i]);
	sigprocmask(SIG_BLOCK, &set, before);
}

/* New rules first: labels from two sides are the same, but labels from none would be none. */
static int change(const struct rules *r, struct backend_report *report, struct err *err)
{
	struct err ignored;
	bool changed;
	int ret = r->backend->load(r, report, err);

	if (ret)
		return ret;
	changed = report->changed;
	ret = backends_remove(PLACES_ALL & ~r->backend->place, report, err);
	/* what is left of the old rules is what there was; the new ones are not to be there beside them */
	if (ret && changed)
		backends_remove(r->backend->place, report, &ignored);
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

/* After the rules: puts it on record, or takes it back; what an earlier run began is not over then. */
static int settle(const struct record_lock *lock, int ret, bool interrupted, bool removed, struct err *err)
{
	if (!ret)
		return record_end(lock, removed, err);
	if (!interrupted)
		record_abandon(lock);
	return ret;
}

int load(const struct rules *r, const struct record_lock *lock, const struct record *record,
	 struct backend_report *report, struct err *err)
{
	bool interrupted = was_interrupted();
	sigset_t before;
	int ret;

	hold_signals(&before);
	ret = record_begin(lock, record, err);
	if (!ret)
		ret = settle(lock, change(r, report, err), interrupted, false, err);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return ret;
}

int load_nothing(const struct record_lock *lock, const struct record *before, struct backend_report *report,
		 struct err *err)
{
	static char nothing[] = "";
	struct record removing = { .plan_name = before->plan_name, .backend = before->backend };
	bool interrupted = was_interrupted();
	sigset_t signals;
	int ret;

	if (!removing.plan_name)
		removing.plan_name = nothing;
	if (!removing.backend)
		removing.backend = nothing;
	hold_signals(&signals);
	ret = record_begin(lock, &removing, err);
	if (!ret)
		ret = settle(lock, backends_remove(PLACES_ALL, report, err), interrupted, true, err);
	sigprocmask(SIG_SETMASK, &signals, NULL);
	return ret;
}
