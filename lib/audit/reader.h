/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_AUDIT_READER_H
#define SECMARK2_AUDIT_READER_H

#include <stdbool.h>
#include <stddef.h>

struct audit_reader;
struct denial;
struct err;
struct record_ids;

/* A line is read up to this length. The kernel's longest record has 8970 bytes
 * (MAX_AUDIT_MESSAGE_LENGTH, include/linux/audit.h). */
#define AUDIT_LINE_MAX 16384

/* So many of the lines that could not be read are kept. */
#define AUDIT_PLACES 3

struct audit_place {
	const char *file; /* as audit_reader_file() was told */
	unsigned long line;
	char text[80]; /* how it begins; bytes of others */
};

/* What a reader has met. */
struct audit_counts {
	unsigned long lines;
	unsigned long network;    /* records that it passed on */
	unsigned long other;      /* records of other classes: of files, processes */
	unsigned long unreadable; /* lines that look like a record and cannot be read */
	unsigned long forged;     /* records that a program wrote into the system log */
	unsigned long undated;    /* records that it passed on, whose date is not sure */
	unsigned long lost;       /* places where the kernel says that it left some out, and calls
				   * of audit_reader_lost() */
	struct audit_place places[AUDIT_PLACES]; /* of the first unreadable ones */
};

/* Is called with each record, in about the order of the log. The denial is the reader's. */
typedef void audit_found(void *arg, const struct denial *d);

/**
 * audit_reader_new - begin to read logs
 * @found: called with each record
 * @arg:   for it
 *
 * Memory does not grow with what is read. Free it with audit_reader_free().
 */
struct audit_reader *audit_reader_new(audit_found *found, void *arg);

/* The next lines are of this file. The name that records and places have lives as long as the
 * reader. */
void audit_reader_file(struct audit_reader *r, const char *name);

/* What a log is to another one that has some of its events, too. */
enum reader_role {
	READER_ALONE,
	READER_FIRST, /* its events that the other one has are noted */
	READER_REST,  /* its events that the first one has are left out */
	READER_NEWS,  /* ids gets its events, for a log that may repeat them: READER_REST */
};

/* The next lines are those of such a log. ids are the events of the second log, or those that
 * READER_NEWS has added; they are the caller's, and must live until another call of this function.
 * NULL: the log is alone. */
void audit_reader_beside(struct audit_reader *r, enum reader_role role, struct record_ids *ids);

/**
 * audit_reader_line - read a line
 * @r:    the reader
 * @text: the line without its newline; any bytes
 * @len:  its length in bytes
 *
 * The line may be part of a record that somebody broke into several lines. A record is passed on
 * when its event is over, or after some other events: SYSCALL records come before it or after it.
 * A date such as 05/06/2023 counts only behind one of the same file that can be read in one way,
 * such as 05/15/2023.
 */
void audit_reader_line(struct audit_reader *r, const char *text, size_t len);

/* Passes on what is not passed on yet: nothing more comes, or not soon. */
void audit_reader_flush(struct audit_reader *r);

/* Notes that records are missing here. */
void audit_reader_lost(struct audit_reader *r);

/**
 * audit_reader_fd - read all lines of an open file
 * @r:   the reader
 * @fd:  the file; it stays open
 * @err: filled on failure
 *
 * Returns 0 or -errno.
 */
int audit_reader_fd(struct audit_reader *r, int fd, struct err *err);

const struct audit_counts *audit_reader_counts(const struct audit_reader *r);

/* NULL is possible. */
void audit_reader_free(struct audit_reader *r);

#endif
