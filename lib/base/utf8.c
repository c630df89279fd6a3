// SPDX-License-Identifier: GPL-2.0-only
#include "base/utf8.h"

/* The length of a character by its first byte, and the range of its second byte. */
static const struct lead {
	unsigned char first, last;
	unsigned char lo, hi;
	unsigned char len;
} leads[] = {
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

size_t utf8_len(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t i, k;

	if (*p < 0x80)
		return *p ? 1 : 0;
	for (i = 0; i < sizeof(leads) / sizeof(leads[0]); i++) {
		if (*p < leads[i].first || *p > leads[i].last)
			continue;
		if (p[1] < leads[i].lo || p[1] > leads[i].hi)
			return 0;
		for (k = 2; k < leads[i].len; k++)
			if ((p[k] & 0xc0) != 0x80)
				return 0;
		return leads[i].len;
	}
	return 0;
}

bool utf8_turns_text(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	if (*p == 0xd8)
		return p[1] == 0x9c; /* U+061C */
	if (*p != 0xe2 || (p[1] != 0x80 && p[1] != 0x81))
		return false;
	if (p[1] == 0x80) /* U+200E, U+200F; U+2028 to U+202E */
		return p[2] == 0x8e || p[2] == 0x8f || (p[2] >= 0xa8 && p[2] <= 0xae);
	return p[2] >= 0xa6 && p[2] <= 0xa9; /* U+2066 to U+2069 */
}

bool utf8_is_control(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	return *p < 0x20 || *p == 0x7f || (*p == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0);
}
