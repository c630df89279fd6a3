/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_WATCH_H
#define SECMARK2_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "host/nf_events.h"
#include "host/rule_writer.h"
#include "util/burst.h"

struct err;

/* Who seems to have taken the rules away. */
struct watch_suspect {
	struct rule_writer writer;
	char unit[64]; /* of systemd; "" if it is unknown */
};

/*
 * Keeps the rules of the record loaded in this network namespace. nf_tables tells of each
 * transaction. x_tables tells nobody, so a hash that costs some system calls is compared twice a
 * second; records of audit say who it was.
 */
struct watch {
	struct nf_events nf; /* without a socket if the kernel has no nf_tables */
	int audit;           /* -1: there is no audit, or we may not read it */
	bool due;            /* the rules have to be compared with the record */
	int64_t not_before;  /* of clock_milliseconds(): no comparison before that */
	int64_t next_pulse;  /* likewise: no look at the record and the legacy tables before that */
	int64_t pulse_felt;  /* the last such look */
	int64_t legacy_since; /* the last time that legacy rules were compared one by one */
	uint64_t stamp;       /* of the record */
	uint64_t pulse;       /* of the legacy tables */
	bool legacy;          /* the rules are in legacy tables */
	unsigned int failures;
	struct burst burst;
	bool slow;                     /* it was said that they are lost again and again */
	bool other;                    /* it was said that another run was interrupted */
	struct watch_suspect *suspect; /* in memory that a child shares */
};

/* Begins to watch; end it with watch_close(). Returns 0 or -errno. */
int watch_open(struct watch *w, struct err *err);

/* Watches until a signal ends the process. Returns -errno if that is not possible any more. */
int watch_serve(struct watch *w, struct err *err);

void watch_close(struct watch *w);

#endif
