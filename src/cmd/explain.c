// SPDX-License-Identifier: GPL-2.0-only
/* explain: what records of SELinux about packets, peers and ports mean */
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "advise/explain_groups.h"
#include "args.h"
#include "audit/reader.h"
#include "audit_log.h"
#include "base/err.h"
#include "denial_events.h"
#include "explain_machine.h"
#include "policy_option.h"
#include "print.h"
#include "print_explain.h"
#include "util/clock.h"

/* --follow: a SYSCALL record of the same event comes within this time, in milliseconds */
#define FOLLOW_PAUSE 50
/* how often to warn at most, in milliseconds */
#define WARN_PAUSE 1000

enum { RECENT, BOOT, FOLLOW, PLAN, POLICY, JSON };

static const struct cmd_option options[] = {
	[RECENT] = { "recent", NULL, "the records of the last ten minutes", 0 },
	[BOOT] = { "boot", NULL, "the records since this boot", 0 },
	[FOLLOW] = { "follow", NULL, "new records as they come, one line for each", 0 },
	[PLAN] = { "plan", "FILE", "the plan of the machine, not the one that is loaded here", 0 },
	[POLICY] = POLICY_OPTION,
	[JSON] = { "json", NULL, "print the answer as JSON", 0 },
	{ NULL, NULL, NULL, 0 },
};

struct explaining {
	struct explain_machine machine;
	struct explain_groups groups;
	struct audit_reader *reader;
	int64_t since; /* records before that are left out; 0: none */
	bool color;
};

static void explain_found(void *arg, const struct denial *d)
{
	struct explaining *x = arg;

	if (!x->since || !d->time || d->time >= x->since)
		explain_groups_add(&x->groups, d);
}

static void follow_found(void *arg, const struct denial *d)
{
	struct explaining *x = arg;

	print_explain_line(&x->machine.world, d, x->color);
}

static int explain_read(struct explaining *x, const struct args *args, struct err *err)
{
	int ret;

	x->reader = audit_reader_new(explain_found, x);
	if (args->n)
		return audit_log_file(x->reader, args->operand[0], err);
	ret = audit_log_since(args->option[RECENT] ? "recent" : "boot", &x->since, err);
	return ret ? ret : audit_log_machine(x->reader, x->since, err);
}

static int explain_all(struct explaining *x, const struct args *args)
{
	struct err err;
	int ret = explain_read(x, args, &err);

	audit_reader_flush(x->reader);
	if (ret < 0) {
		print_err(&err);
		return FAILED;
	}
	explain_groups_sort(&x->groups);
	if (args->option[JSON])
		print_explain_json(&x->machine.world, &x->groups, audit_reader_counts(x->reader));
	else
		print_explain_text(&x->machine.world, &x->groups);
	print_explain_counts(audit_reader_counts(x->reader));
	if (ret)
		print_err_as_warning(&err);
	if (x->groups.dropped)
		print_line(stderr,
			   "secmarkctl: warning: %lu more records of other kinds are left out",
			   x->groups.dropped);
	return DONE;
}

/* Warns if records are missing since the last time, at most once a second. */
static void warn_of_lost(const struct explaining *x, unsigned long *lost, int64_t *warned)
{
	unsigned long now_lost = audit_reader_counts(x->reader)->lost;
	int64_t now = clock_milliseconds();

	if (now_lost == *lost || now - *warned < WARN_PAUSE)
		return;
	print_line(stderr, "secmarkctl: warning: records are missing here");
	*lost = now_lost;
	*warned = now;
}

/* Waits for records until something fails. In a flood nothing waits for its end. */
static int follow(struct explaining *x, struct denial_events *e, struct err *err)
{
	struct pollfd polled = { e->fd, POLLIN, 0 };
	unsigned long lost = 0;
	int64_t warned = -WARN_PAUSE;
	int ret = 0;

	while (!ret) {
		/* what was read is passed on as soon as nothing follows */
		if (!poll(&polled, 1, FOLLOW_PAUSE)) {
			audit_reader_flush(x->reader);
			if (!print_flush())
				return 0;
			warn_of_lost(x, &lost, &warned);
			poll(&polled, 1,
			     audit_reader_counts(x->reader)->lost > lost ? WARN_PAUSE : -1);
		}
		ret = denial_events_read(e, x->reader, err);
		if (!print_flush())
			return 0;
		warn_of_lost(x, &lost, &warned);
	}
	return ret;
}

static int explain_follow(struct explaining *x)
{
	struct denial_events e;
	struct err err;

	if (denial_events_open(&e, "name a file", &err)) {
		print_err(&err);
		return FAILED;
	}
	x->color = isatty(STDOUT_FILENO);
	x->reader = audit_reader_new(follow_found, x);
	audit_reader_file(x->reader, denial_events_name(&e));
	if (follow(x, &e, &err))
		print_err(&err);
	denial_events_close(&e);
	return FAILED;
}

/* One place to read from. */
static int judge_sources(const struct args *args)
{
	static const int sources[] = { RECENT, BOOT, FOLLOW };
	const char *first = NULL;
	size_t i;

	if (args->option[FOLLOW] && args->option[JSON])
		return args_fault(args->cmd, NULL, NULL, "--json cannot be used with --follow");
	for (i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		const char *name = options[sources[i]].name;

		if (!args->option[sources[i]])
			continue;
		if (args->n)
			return args_fault(args->cmd, args->operand[0], NULL, "--%s needs no file",
					  name);
		if (first)
			return args_fault(args->cmd, NULL, NULL, "--%s cannot be used with --%s",
					  name, first);
		first = name;
	}
	if (!first && !args->n)
		return args_fault(args->cmd, NULL, NULL, "missing argument: FILE");
	return DONE;
}

static int explain_run(const struct args *args)
{
	const char *plan = args->option[PLAN], *policy = args->option[POLICY];
	struct explaining x = { .since = 0 };
	int ret = judge_sources(args);
	size_t i;

	if (ret)
		return ret;
	ret = FAILED;
	if (explain_machine_open(&x.machine, plan, policy, !plan && !policy)) {
		for (i = 0; i < x.machine.plan.n_lines; i++)
			x.groups.by_address |= x.machine.plan.lines[i].from.n ||
					       x.machine.plan.lines[i].to.n;
		ret = args->option[FOLLOW] ? explain_follow(&x) : explain_all(&x, args);
	}
	audit_reader_free(x.reader);
	explain_groups_free(&x.groups);
	explain_machine_close(&x.machine);
	return ret;
}

const struct cmd cmd_explain = {
	.name = "explain",
	.operands = "[FILE]",
	.help = "say what denials of packets, peers and ports mean, and what would allow them",
	.options = options,
	.max = 1,
	.run = explain_run,
};
