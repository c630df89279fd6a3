// SPDX-License-Identifier: GPL-2.0-only
#include "top.h"

#include <errno.h>
#include <stdlib.h>

#include "audit/reader.h"
#include "host/conntrack.h"
#include "host/running_policy.h"
#include "util/clock.h"

/* How often the rules are compared with the plan, in milliseconds, if no other plan is loaded
 * meanwhile: that may take longer than all else. */
#define TOP_PLAN_PERIOD 10000

static void count_top_denial(void *arg, const struct denial *d)
{
	struct top *t = arg;

	denial_counts_add(&t->denials, d);
}

/* The kernel sends records to its first network namespace only, also those of all others. */
void top_open(struct top *t)
{
	t->events = (struct denial_events){ .fd = -1, .kernel = -1 };
	t->unlabeled = running_policy_unlabeled();
	if (!state_is_first_namespace()) {
		err_set(&t->denial_err, -EPERM,
			"the kernel sends records to its first network namespace only");
		return;
	}
	if (denial_events_open(&t->events, NULL, &t->denial_err))
		return;
	t->denial_err = (struct err){ .what = "" };
	t->reader = audit_reader_new(count_top_denial, t);
	audit_reader_file(t->reader, denial_events_name(&t->events));
}

void top_listen(struct top *t)
{
	struct err err;

	if (t->events.fd < 0 || !denial_events_read(&t->events, t->reader, &err))
		return;
	t->denial_err = err;
	denial_events_close(&t->events);
}

unsigned long top_lost(const struct top *t)
{
	return t->reader ? audit_reader_counts(t->reader)->lost : 0;
}

static void read_top_plan(struct top *t)
{
	uint64_t stamp = state_stamp();
	int64_t now = clock_milliseconds();

	if (t->traffic.readings && stamp == t->stamp && now < t->plan_read_at + TOP_PLAN_PERIOD)
		return;
	loaded_plan_free(&t->plan);
	loaded_plan_read(&t->plan);
	t->stamp = stamp;
	t->plan_read_at = now;
}

int top_read(struct top *t, struct err *err)
{
	int ret;

	read_top_plan(t);
	t->counting = conntrack_counts_packets();
	ret = traffic_read(&t->traffic, t->unlabeled, err);
	top_listen(t);
	if (t->reader)
		audit_reader_flush(t->reader);
	/* what came before the first reading belongs to no interval */
	if (!ret && t->traffic.readings == 1)
		denial_counts_free(&t->denials);
	traffic_add_denials(&t->traffic.rows, &t->denials, t->unlabeled);
	/* the interval goes on until a reading works */
	if (!ret)
		denial_counts_pause(&t->denials);
	return ret;
}

void top_close(struct top *t)
{
	denial_events_close(&t->events);
	audit_reader_free(t->reader);
	traffic_free(&t->traffic);
	denial_counts_free(&t->denials);
	loaded_plan_free(&t->plan);
	free(t->unlabeled);
}
