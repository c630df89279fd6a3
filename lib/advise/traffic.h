/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_TRAFFIC_H
#define SECMARK2_ADVISE_TRAFFIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "advise/traffic_rows.h"
#include "base/err.h"
#include "host/socket_labels.h"
#include "util/texts.h"

struct conntrack_entry;
struct denial_counts;
struct host_sockets;
struct local_addresses;
struct traffic_connection;
struct traffic_past;

/* Where a reading looks for the domains of connections. */
struct traffic_host {
	const struct host_sockets *sockets;
	const struct local_addresses *addresses;
	const char *proc; /* "/proc" */
};

/* What talks in this network namespace, by label and domain. Starts as zeros. */
struct traffic {
	struct traffic_rows rows; /* of the last reading */
	size_t readings;
	int64_t milliseconds; /* between the last two readings; 0: there are no two */
	bool failed;          /* the last reading failed, so there are no rows, and no rates */
	struct err unseen;    /* why some domains are not known; empty: nothing is hidden */
	struct socket_labels labels;
	/* for the next reading */
	const char *unlabeled;
	int64_t read_at;
	struct texts types;
	struct traffic_connection *v;
	struct traffic_past *before;
	size_t n, n_before;
};

/**
 * traffic_read - read the connections of this network namespace and their sockets
 * @t:         the reading before; filled. Free it with traffic_free()
 * @unlabeled: the policy's context of packets without a label, or NULL; has to live as long as @t
 * @err:       filled on failure
 *
 * A connection that began since the reading before counts from 0. What one did between that reading
 * and its end is lost. One whose socket is closed keeps the domain that it had at the reading
 * before: TCP connections stay for two minutes. Memory: about 200 bytes a connection, of which
 * the kernel has at most net.netfilter.nf_conntrack_max. Returns 0, or -errno as conntrack_read()
 * does; then there are no rows.
 */
int traffic_read(struct traffic *t, const char *unlabeled, struct err *err);

/* Its parts. First, forget the connections. */
void traffic_start(struct traffic *t);

/* Then take each entry of connection tracking. */
void traffic_take(struct traffic *t, const struct conntrack_entry *entry);

/* Then make the rows. now is that of clock_milliseconds(). */
void traffic_finish(struct traffic *t, const struct traffic_host *host, int64_t now);

/* Or else, if the entries could not be read: there are no rows. */
void traffic_fail(struct traffic *t);

/* Adds denials to the rows. unlabeled as above: its type stands for no label. */
void traffic_add_denials(struct traffic_rows *rows, const struct denial_counts *denials,
			 const char *unlabeled);

/* Frees what is in it, and leaves it empty. */
void traffic_free(struct traffic *t);

#endif
