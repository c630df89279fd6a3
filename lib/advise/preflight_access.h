/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_PREFLIGHT_ACCESS_H
#define SECMARK2_ADVISE_PREFLIGHT_ACCESS_H

struct plan_line;
struct preflight;

/**
 * preflight_context - one copy of each context
 * @p:       where it is kept
 * @context: a text
 *
 * Returns the copy. Equal texts have the same one.
 */
const char *preflight_context(struct preflight *p, const char *context);

/**
 * preflight_lacks - what may a socket not do with a label?
 * @p:      the policy is asked once about each pair
 * @domain: the context of the socket, from preflight_context()
 * @label:  the context of the packets, from preflight_context(), or a type
 * @line:   the line that gives it, or NULL
 * @lacks:  filled: of PACKET_SEND and PACKET_RECV
 *
 * A type that the plan defines, and that the policy does not have yet, is judged by what the plan
 * allows.
 *
 * Returns 0, or -EINVAL if the policy does not know the socket's context.
 */
int preflight_lacks(struct preflight *p, const char *domain, const char *label,
		    const struct plan_line *line, unsigned int *lacks);

/* Frees what both have kept. */
void preflight_access_free(struct preflight *p);

#endif
