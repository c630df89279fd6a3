/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PRINT_STATUS_H
#define SECMARK2_PRINT_STATUS_H

struct facts;

/* Prints the facts of "status" as sentences for people, and what they mean for packets. */
void status_print(const struct facts *facts);

#endif
