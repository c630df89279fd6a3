/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_EXPLAIN_H
#define SECMARK2_ADVISE_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>

struct allowed;
struct denial;
struct foreign_labels;
struct oracle;
struct plan;
struct port_types_asked;

/* What is known of the machine that wrote the records. */
struct explain_world {
	const struct plan *plan;              /* NULL: not known */
	const char *plan_why;                 /* why it is not known */
	struct oracle *oracle;                /* its policy; NULL: not known */
	struct allowed *allowed;              /* the same policy; NULL likewise */
	const char *policy_why;               /* why it is not known */
	struct port_types_asked *port_types;  /* what it has said of ports; NULL without a policy */
	const struct foreign_labels *foreign; /* rules of others that label; NULL: not known */
};

/* What a note of an explanation is about. */
enum explain_section {
	EXPLAIN_WHO,     /* which domain, which program, and if the record can be believed */
	EXPLAIN_LABEL,   /* where the label comes from */
	EXPLAIN_WHY,     /* why the access was denied, or granted */
	EXPLAIN_ALLOW,   /* what would allow it. The first one is the smallest */
	EXPLAIN_CAREFUL, /* what would allow too much */
	EXPLAIN_SECTIONS,
};

struct explain_note {
	enum explain_section section;
	const char *id; /* a word for scripts. It stays the same in later versions */
	char *text;     /* a sentence or more, with bytes of others in it; lines to type begin with
			 * a newline and four blanks */
};

/* Starts as zeros. */
struct explanation {
	char *what; /* "chronyd_t sends a packet with the label ntp_client_packet_t" */
	struct explain_note *notes; /* by section */
	size_t n;
};

/* The name of a section, for the text and for JSON. */
const char *explain_section_name(enum explain_section section);

/**
 * explain - say what a record means
 * @w: what is known
 * @d: the record
 * @e: filled; free it with explanation_free()
 */
void explain(const struct explain_world *w, const struct denial *d, struct explanation *e);

/* Adds a note behind the others of its section. id is not copied; text is freed with the
 * explanation. */
void explanation_add(struct explanation *e, enum explain_section section, const char *id,
		     char *text);

/* Frees its content. */
void explanation_free(struct explanation *e);

#endif
