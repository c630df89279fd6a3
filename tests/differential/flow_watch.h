/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_FLOW_WATCH_H
#define SECMARK2_FLOW_WATCH_H

#include <stddef.h>

#include "differential/flow_expect.h"
#include "differential/flow_trial.h"

/* The labels in this test: those of random plans, and the label of packets from elsewhere.
 * unlabeled_t counts as no label. */
enum label {
	LABEL_NONE,
	LABEL_FIRST,
	LABEL_FOREIGN = LABEL_FIRST + 8,
	LABEL_OTHER,   /* any other one: no packet should have it */
	LABEL_SEVERAL, /* the packet passed more than once, with different labels */
	LABEL_UNSEEN,
};

/* The label of a context; NULL is none. */
enum label label_of(const char *context);
const char *label_name(enum label label);

/* Where labels are seen: in each hook, and those of outer packets of tunnels apart from others. */
enum {
	SET_OUTER_IN = HOOKS,
	SET_OUTER_OUT,
	SETS,
};

/* The labels that were seen. */
struct seen {
	unsigned char *packets[SETS]; /* enum label, by trial_packet() */
	unsigned char *connections;   /* by number of the flow, as ctnetlink has them */
	unsigned char *outer_connections;
};

/* Access to the table "watch" of flows.sh, and to conntrack, in the network namespace of the
 * process at the time of the opening. */
struct watch;

/* The kernel's numbers of labels: no policy of ours has more. */
#define WATCH_SIDS 512

/* labels: by the kernel's number, 0 where it is not known. Ends the process on failure, as the
 * functions below do. */
struct watch *watch_open(unsigned char labels[WATCH_SIDS]);
void watch_close(struct watch *w);

/* Learns the kernel's numbers of the labels from the packets of wires_calibrate(). */
void watch_calibrate(struct watch *w);

/* Forgets all packets and connections. */
void watch_clear(struct watch *w);

/* Fills in the labels that were seen in n flows; free them with seen_free(). */
void watch_read(struct watch *w, const struct trial *trials, size_t n, struct seen *seen);
void seen_free(struct seen *seen);

#endif
