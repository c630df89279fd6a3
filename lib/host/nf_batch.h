/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_NF_BATCH_H
#define SECMARK2_HOST_NF_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One transaction of nf_tables that deletes. It asks for no translation, so it works whatever else
 * is in a table.
 */
struct nf_batch;

/* Returns an empty transaction; free it with nf_batch_free(). */
struct nf_batch *nf_batch_new(void);

/* Adds the deletion of a rule; handle 0: of all rules of the chain. */
void nf_batch_delete_rule(struct nf_batch *b, int family, const char *table, const char *chain,
			  uint64_t handle);

/* Adds the deletion of a chain. Delete its rules, and those that lead to it, before it. Returns the
 * number of this message, for nf_batch_refused(). */
size_t nf_batch_delete_chain(struct nf_batch *b, int family, const char *table, const char *chain);

/**
 * nf_batch_send - have the kernel do it all, or nothing of it
 * @b: not empty
 *
 * Returns 0, or the kernel's first -errno: -EPERM without the right, or if the table is owned by
 * another program; -ENOENT, if something is gone already; -EBUSY for a chain that is in use; or
 * -ENOBUFS if it has more to refuse than there is room for: only without CAP_NET_ADMIN in the first
 * user namespace.
 */
int nf_batch_send(struct nf_batch *b);

/* Did the kernel refuse this message? */
bool nf_batch_refused(const struct nf_batch *b, size_t message);

/* Frees it; NULL is allowed. */
void nf_batch_free(struct nf_batch *b);

#endif
