// SPDX-License-Identifier: GPL-2.0-only
/* top: connections, packets and denials by label and domain, as they come */
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "base/number.h"
#include "print.h"
#include "top.h"
#include "top_table.h"
#include "util/clock.h"

#define TOP_INTERVAL 2
#define TOP_INTERVAL_MAX 3600

enum { INTERVAL, SORT, ONCE, JSON };

static const struct cmd_option options[] = {
	[INTERVAL] = { "interval", "SECONDS", "between two readings (default: 2)", 0 },
	[SORT] = { "sort", "KEY", "label, domain, connections (default), packets, bytes or denials",
		   0 },
	[ONCE] = { "once", NULL, "print one table, and end", 0 },
	[JSON] = { "json", NULL, "with --once: print it as JSON", 0 },
	{ NULL, NULL, NULL, 0 },
};

static int read_top_interval(const struct args *args, struct top *t)
{
	const char *text = args->option[INTERVAL];
	int n = text ? number_parse(text, strlen(text), TOP_INTERVAL_MAX) : TOP_INTERVAL;

	if (n < 1)
		return args_fault(args->cmd, text, "expected 1 to 3600", "wrong --interval");
	t->interval = n;
	return DONE;
}

static int read_top_sort(const struct args *args, struct top *t)
{
	const char *text = args->option[SORT] ? args->option[SORT] : "connections";
	size_t i;

	for (i = 0; i < TOP_COLUMNS; i++) {
		if (top_columns[i].sort && !strcmp(top_columns[i].sort, text)) {
			t->key = top_columns[i].key;
			return DONE;
		}
	}
	return args_fault(args->cmd, text,
			  "expected label, domain, connections, packets, bytes or denials",
			  "wrong --sort");
}

static void print_notes(const struct top *t)
{
	char *notes = top_notes(t), *rest = notes, *line;

	while ((line = strsep(&rest, "\n")))
		if (*line)
			fprintf(stderr, "secmarkctl: %s\n", line);
	free(notes);
}

/* Waits for the interval, and takes denials as they come. */
static void wait_for_interval(struct top *t)
{
	int64_t end = clock_milliseconds() + 1000 * (int64_t)t->interval, left;

	while ((left = end - clock_milliseconds()) > 0) {
		struct pollfd polled = { t->events.fd, POLLIN, 0 };

		if (poll(&polled, 1, left) > 0)
			top_listen(t);
	}
}

static int top_once(struct top *t, bool json)
{
	struct err err;

	wait_for_interval(t);
	if (top_read(t, &err)) {
		print_err(&err);
		return FAILED;
	}
	traffic_rows_sort(&t->traffic.rows, t->key, t->reverse);
	if (json)
		top_print_json(t);
	else
		top_print(t);
	fflush(stdout);
	print_notes(t);
	return DONE;
}

/* Reads, and shows what it has read. */
static int top_show(struct top *t, bool screen, bool json)
{
	struct err err;
	int ret;

	if (screen && top_screen_check(&err)) {
		print_err(&err);
		return FAILED;
	}
	top_open(t);
	if (top_read(t, &err)) {
		print_err(&err);
		ret = FAILED;
	} else {
		ret = screen ? top_screen(t) : top_once(t, json);
	}
	top_close(t);
	return ret;
}

static int top_run(const struct args *args)
{
	struct top t = { .reverse = false };
	bool once = args->option[ONCE], json = args->option[JSON];
	int ret = read_top_interval(args, &t);

	if (!ret)
		ret = read_top_sort(args, &t);
	if (!ret && json && !once)
		ret = args_fault(args->cmd, NULL, NULL, "--json needs --once");
	if (ret)
		return ret;
	return top_show(&t, !once && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO), json);
}

const struct cmd cmd_top = {
	.name = "top",
	.operands = "",
	.help = "show connections, packets and denials by label and domain, as they come",
	.options = options,
	.run = top_run,
};
