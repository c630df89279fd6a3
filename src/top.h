/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_TOP_H
#define SECMARK2_TOP_H

#include <stdbool.h>
#include <stdint.h>

#include "advise/traffic.h"
#include "audit/denial_counts.h"
#include "base/err.h"
#include "denial_events.h"
#include "loaded_plan.h"

/* What top knows. Starts as zeros. */
struct top {
	struct traffic traffic;
	struct denial_counts denials; /* since top began */
	struct loaded_plan plan;
	bool counting;         /* the kernel counts packets of new connections */
	struct err denial_err; /* why denials are not known, or empty */
	/* what the rows are sorted by */
	enum traffic_key key;
	bool reverse;
	unsigned int interval;       /* seconds between two readings */
	struct denial_events events; /* poll() waits for events.fd, if it is not -1 */
	/* private */
	struct audit_reader *reader;
	char *unlabeled;
	uint64_t stamp;
	int64_t plan_read_at;
};

/* Begins to listen for denials; end it with top_close(). */
void top_open(struct top *t);

/* Reads the connections, the denials and the plan. Returns 0 or -errno; then only denials have
 * rows. */
int top_read(struct top *t, struct err *err);

/* How often the kernel had no room for records, so that there are more denials. */
unsigned long top_lost(const struct top *t);

/* Reads the denials that the kernel has told since. Between two readings, the kernel would drop
 * what it has no room for. */
void top_listen(struct top *t);

/* Ends it. */
void top_close(struct top *t);

/* Can the terminal show it? Ask before anything is read. Returns 0 or -errno. */
int top_screen_check(struct err *err);

/* Shows it on the terminal until somebody types q. The first reading was made. Returns the exit
 * status. */
int top_screen(struct top *t);

#endif
