/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_AUDIT_DATE_H
#define SECMARK2_AUDIT_DATE_H

#include <stddef.h>
#include <stdint.h>

/* What 05/06/2023 means: the 6th of May, or the 5th of June */
enum date_order { DATE_MONTH_FIRST, DATE_DAY_FIRST, DATE_ORDERS };

/**
 * date_read - read a date and a time as "ausearch -i" writes them
 * @text: "05/15/2023 10:49:38.096"; need not end in a NUL
 * @len:  its length in bytes
 * @ms:   the result for each order, in milliseconds since 1970; 0: it is no date then. Both are the
 *        same if the text does not leave it open. The time zone is that of this process
 *
 * ausearch writes strftime()'s %x and %T (output_interpreted_node(), src/ausearch-report.c), and
 * %x is d_fmt of a locale. In glibc 2.36, a date with dots or hyphens begins with the day or with a
 * year of four digits, and the month is in the middle. One with slashes can begin with the month,
 * too. Names of months are read if they are English. Two locales are misread: ce_RU (%Y.%d.%m) and
 * ne_NP (%y/%-m/%-d).
 */
void date_read(const char *text, size_t len, int64_t ms[DATE_ORDERS]);

#endif
