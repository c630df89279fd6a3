/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_NF_EVENTS_H
#define SECMARK2_HOST_NF_EVENTS_H

#include <stdbool.h>

#include "host/rule_writer.h"

struct mnl_socket;

/* A table of nf_tables. */
struct nf_table_name {
	int family; /* NFPROTO_* */
	const char *name;
};

/* The transactions of nf_tables in this network namespace, of any program. */
struct nf_events {
	struct mnl_socket *nl;
	const struct nf_table_name *tables; /* not owned; ends with a NULL name */
	bool touched; /* the transaction that is being read has changed one of these tables */
};

/**
 * nf_events_open - be told of transactions from now on
 * @e:      filled; end it with nf_events_close()
 * @tables: those of interest; have to live as long as @e
 *
 * Returns 0 or -errno.
 */
int nf_events_open(struct nf_events *e, const struct nf_table_name *tables);

/* To wait for with poll(). */
int nf_events_fd(const struct nf_events *e);

/**
 * nf_events_read - read what has been told since
 * @e:      open
 * @writer: who made the last transaction that changed one of the tables; unknown if the kernel had
 *          to leave something out
 *
 * Does not wait. Returns 1 if there was such a transaction, 0 if there was none, or -errno.
 */
int nf_events_read(struct nf_events *e, struct rule_writer *writer);

/* Closes it. */
void nf_events_close(struct nf_events *e);

#endif
