/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PRINT_H
#define SECMARK2_PRINT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct backend_report;
struct diag;
struct err;

/* Prints a line, and a newline behind it. What a terminal would act on is escaped: use it for all
 * that has names or words of others in it. */
void print_line(FILE *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Prints a text of several lines to standard output in the same way, without a newline behind it.
 */
void print_lines(const char *text);

/* Prints all errors and warnings to standard error, one on each line. */
void print_diag(const struct diag *diag);

/* The same, without the first @since entries. */
void print_diag_since(const struct diag *diag, size_t since);

/* Says behind prefix why packets are not counted: conntrack decides that when a connection begins.
 * counting: it counts those of new connections; uncounted: connections that it does not count. */
void print_uncounted(FILE *out, const char *prefix, bool counting, uint64_t uncounted);

/* Prints an error of a whole command. */
void print_err(const struct err *err);

/* Prints what a command could not do, although it goes on. */
void print_err_as_warning(const struct err *err);

/* Prints the messages of rules_read(), and its error if there is one. */
void print_refusal(const struct diag *diag, const struct err *err);

/* Prints a message if an earlier run did not finish. The lock on the record is held. */
void print_interrupted(void);

/* Prints the warnings of what was loaded or removed. */
void print_warnings(const struct backend_report *report);

/* Flushes standard output, so that it is written before anything else happens. Returns false after
 * it has printed why, if that fails. */
bool print_flush(void);

/* Prints a value and a newline, and frees it. NULL means out of memory. */
void print_json(json_t *value);

#endif
