/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PRINT_H
#define SECMARK2_PRINT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct diag;
struct err;

/* Prints all that is wrong to standard error, one a line. */
void print_diag(const struct diag *diag);

/* The same for what was added after the first so many. */
void print_diag_since(const struct diag *diag, size_t since);

/* Prints an error of a whole command. */
void print_err(const struct err *err);

/* Prints the messages of rules_read(), and its error if there is one. */
void print_refusal(const struct diag *diag, const struct err *err);

/* Says that an earlier run was killed before its end, if one was. The lock on the record is held.
 */
void print_interrupted(void);

/* Standard output so far, before something else is to happen. Returns false, and has said why, if
 * it cannot be written. */
bool print_flush(void);

/* Prints a value and a newline. Frees it. NULL as above. */
void print_json(json_t *value);

#endif
