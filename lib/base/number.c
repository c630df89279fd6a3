// SPDX-License-Identifier: GPL-2.0-only
#include "base/number.h"

int number_parse(const char *text, size_t len, unsigned int max)
{
	unsigned int n = 0;
	size_t i;

	if (!len || len > 5 || (len > 1 && text[0] == '0'))
		return -1;
	for (i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		n = 10 * n + (text[i] - '0');
	}
	return n <= max ? (int)n : -1;
}
