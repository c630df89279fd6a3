/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_AUDIT_FORM_H
#define SECMARK2_AUDIT_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit/date.h"

/* What kind of line it is. */
enum form_kind {
	FORM_TEXT,    /* nothing of ours; it may be the rest of a line that was broken */
	FORM_START,   /* the beginning of a record, or of what a tool prints between records */
	FORM_AVC,     /* a record of SELinux, or its beginning */
	FORM_SYSCALL, /* the system call during which another record of the event was written */
	FORM_FORGED,  /* it looks like one of the two, and a program wrote it into the system log */
	FORM_LOST,    /* the kernel says that it left records out */
};

/* A line of a log, in any of these forms:
 *   type=AVC msg=audit(1589539778.096:1617): avc:  denied ...            audit.log, ausearch
 *   type=AVC msg=audit(05/15/2023 10:49:38.096:1617) : avc:  denied ...  ausearch -i, and dates of
 *                                                                        other languages
 *   audit: type=1400 audit(1589539778.096:1617): avc:  denied ...        the kernel's log
 *   Nov 30 20:12:40 host kernel: audit: type=1400 ...                    the system log, journalctl
 *   Nov 30 20:12:40 host audit[973]: AVC avc:  denied ...                journalctl
 *   Mon 2026-11-30 20:12:40 UTC host audit[973]: AVC avc:  denied ...    journalctl -o short-full
 *   avc:  denied ...                                                     what people quote
 * with anything in front, such as "[   12.34]", "<5>", "node=web", or the priority and tag of
 * Android's logcat. */
struct form {
	enum form_kind kind;
	const char *body; /* of AVC: from "avc:" on, or NULL if that is cut off; of SYSCALL: behind
			   * the header. Its end is the end of the line */
	int64_t time;     /* milliseconds since 1970; 0: unknown */
	bool dated;       /* the record has a date, which dates tells; time is 0 */
	int64_t dates[DATE_ORDERS];
	uint64_t serial; /* of the event; 0: unknown */
	size_t count;    /* of "uniq -c"; 1 without it */
	bool log;        /* no line of audit.log: journald may have written the record twice */
	bool journal;    /* of the two, it is the one without a serial */
	bool tagged;     /* the system log says who wrote it */
	bool program;    /* and that is neither the kernel nor audit */
	bool fields;     /* its fields follow, a line for each: journalctl -o verbose */
	bool transport;  /* the field that says that the kernel or audit wrote it */
	size_t indent;   /* the number of blanks in front */
};

/* Reads a line. text needs no NUL at its end, and may have some in it. */
void form_read(const char *text, size_t len, struct form *form);

#endif
