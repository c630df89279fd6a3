// SPDX-License-Identifier: GPL-2.0-only
#include "selinux/packet_type.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"

#define NAME_MAX_LEN 127

/* How far a type is from the wanted one: the nearest kind counts, then the letters. */
enum kind {
	SAME_NAME, /* but for capitals */
	SAME_STEM,
	STEM_OF_DAEMON, /* httpd: http */
	LOOKS_ALIKE,
};

/* A type's name in small letters, and its parts. */
struct parts {
	char name[NAME_MAX_LEN + 1];
	char stem[NAME_MAX_LEN + 1];
	enum packet_side side;
};

/* Cuts an ending off, unless nothing would be left. */
static bool cut_end(char *text, const char *end)
{
	size_t len = strlen(text), n = strlen(end);

	if (len <= n || strcmp(text + len - n, end) != 0)
		return false;
	text[len - n] = '\0';
	return true;
}

static void split_type(const char *name, struct parts *p)
{
	size_t i;

	for (i = 0; i < NAME_MAX_LEN && name[i]; i++)
		p->name[i] = tolower((unsigned char)name[i]);
	p->name[i] = '\0';
	memcpy(p->stem, p->name, sizeof(p->stem));
	cut_end(p->stem, "_t");
	if (!cut_end(p->stem, "_packet") && !cut_end(p->stem, "_port"))
		cut_end(p->stem, "_exec");
	p->side = cut_end(p->stem, "_server") ? PACKET_SERVER :
		  cut_end(p->stem, "_client") ? PACKET_CLIENT :
						PACKET_ANY_SIDE;
}

static bool is_daemon_of(const char *daemon, const char *stem)
{
	size_t len = strlen(stem);

	return !strncmp(daemon, stem, len) && !strcmp(daemon + len, "d");
}

static unsigned int distance_of(enum kind kind, unsigned int letters)
{
	return (kind * (NAME_MAX_LEN + 1) + letters) * 2;
}

/* The letters are counted in the stems, or in the whole names: "http_sevrer_packet_t" has another
 * stem. Returns a limit plus one if they are too many. */
static unsigned int letters_between(const struct parts *want, const struct parts *have)
{
	unsigned int limit = (strlen(want->stem) + 1) / 4, whole, stem;

	whole = nearest_letters(want->name, have->name, limit);
	stem = nearest_letters(want->stem, have->stem, limit);
	return stem < whole ? stem : whole;
}

void packet_type_offer(struct nearest *n, const char *name, enum packet_side side)
{
	struct parts want, have;
	unsigned int distance, letters;

	if (strlen(n->want) > NAME_MAX_LEN || strlen(name) > NAME_MAX_LEN)
		return;
	split_type(n->want, &want);
	split_type(name, &have);
	if (!strcmp(want.name, have.name)) {
		distance = distance_of(SAME_NAME, 0);
	} else if (!strcmp(want.stem, have.stem)) {
		distance = distance_of(SAME_STEM, 0);
	} else if (is_daemon_of(want.stem, have.stem)) {
		distance = distance_of(STEM_OF_DAEMON, 0);
	} else {
		letters = letters_between(&want, &have);
		if (letters > (strlen(want.stem) + 1) / 4)
			return;
		distance = distance_of(LOOKS_ALIKE, letters);
	}
	/* server and client are equals unless one of them was asked for */
	if (want.side != PACKET_ANY_SIDE)
		side = want.side;
	if (side != PACKET_ANY_SIDE && side != have.side)
		distance++;
	nearest_offer_at(n, name, distance);
}

bool packet_type_is_alike(const struct nearest *n)
{
	return n->count && n->distance >= distance_of(LOOKS_ALIKE, 0);
}
