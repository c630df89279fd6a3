/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_AVC_H
#define GUEST_AVC_H

#include <stdbool.h>
#include <stddef.h>

/* The fields of a record that are compared, in the order in which the kernel writes them. */
enum avc_field {
	AVC_SCONTEXT,
	AVC_TCONTEXT,
	AVC_TCLASS,
	AVC_SADDR,
	AVC_SRC,
	AVC_DADDR,
	AVC_DEST,
	AVC_FIELDS
};

/*
 * A record of the kernel, or the one that a case expects, without what varies from run to run: pid
 * and comm are those of the process that ran the softirq, netif may be that of another namespace.
 * {0} is an empty one.
 */
struct avc {
	char *permission;         /* NULL: it is no AVC record, and other is its text */
	char *fields[AVC_FIELDS]; /* NULL: the record does not have it */
	char *other;
	char *record;    /* as the kernel wrote it; NULL for an expected one; not compared */
	bool granted;    /* caused by an auditallow rule: nothing was denied */
	bool permissive; /* nothing was stopped: the system or the domain is permissive */
	long long ms;    /* when the kernel wrote it; not compared */
};

/* The conversation that a line of a case may speak of; client first, then server. */
struct avc_flow {
	const char *addresses[2]; /* NULL: there was none */
	bool has_ports;
	int ports[2], data_ports[2]; /* data_ports: of its data connection */
};

/* A growing list of records it owns. {0} is an empty one. */
struct avcs {
	struct avc *v;
	size_t n;
};

/*
 * Reads the text of a kernel's record. Returns 0, or -EINVAL when it is no AVC record. avc_free()
 * frees avc.
 */
int avc_parse(struct avc *avc, const char *record);

/* Keeps the text of a record that is no AVC record. avc_free() frees avc. */
void avc_other(struct avc *avc, const char *record);

/*
 * Reads the line of a case, its variables replaced: SOURCE TARGET:CLASS
 * [granted:|permissive:]PERMISSION
 * [[data |wire ]client>server|server>client|ADDRESS[/PORT]>ADDRESS[/PORT]|KEY=VALUE...]. Returns 0,
 * or -EINVAL when it is not that, or when there was no conversation. avc_free() frees avc.
 */
int avc_expect(struct avc *avc, const char *line, const struct avc_flow *flow);

/* Do both say the same? */
bool avc_equal(const struct avc *a, const struct avc *b);

/* The record in one line, for people. The caller frees it. */
char *avc_print(const struct avc *avc);

/*
 * Is it about a packet of a protocol with ports? Such a packet may be sent again, and cause the
 * same record again.
 */
bool avc_has_ports(const struct avc *avc);

/*
 * Of a case's line as it is written: does it expect the record of a denial; of one that stops a
 * packet; of one that stops an answer (server>client)?
 */
bool avc_line_denies(const char *line);
bool avc_line_stops(const char *line);
bool avc_line_stops_answer(const char *line);

/* Frees what it holds, and empties it. */
void avc_free(struct avc *avc);

/* The list takes what avc holds. */
void avcs_add(struct avcs *l, struct avc *avc);
bool avcs_has(const struct avcs *l, const struct avc *avc);
void avcs_free(struct avcs *l);

#endif
