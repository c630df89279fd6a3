/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_BASE_NUMBER_H
#define SECMARK2_BASE_NUMBER_H

#include <stddef.h>

/**
 * number_parse - read a number as people write it in a plan
 * @text: the text
 * @len:  how many bytes of the text are the number
 * @max:  the largest number, of up to five digits
 *
 * Decimal digits only: no sign, no blanks, and no leading zero, which other
 * programs take for octal. Returns the number, or -1.
 */
int number_parse(const char *text, size_t len, unsigned int max);

#endif
