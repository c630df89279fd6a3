// SPDX-License-Identifier: GPL-2.0-only
#include "packet/service.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

struct service {
	char *name;
	const char *proto; /* "" for any; points into a table that lives longer */
	int port;
};

static int service_by_name(const void *va, const void *vb)
{
	const struct service *a = va, *b = vb;
	int order = strcmp(a->name, b->name);

	return order ? order : strcmp(a->proto, b->proto);
}

int service_port(struct services *s, const char *name, const char *proto)
{
	struct service *entry = alloc_zeroed(1, sizeof(*entry)), **found;
	const struct servent *known;

	entry->name = alloc_text(name, strlen(name));
	entry->proto = proto ? proto : "";
	found = tsearch(entry, &s->tree, service_by_name);
	if (!found || *found != entry) {
		free(entry->name);
		free(entry);
		return found ? (*found)->port : -1;
	}
	known = getservbyname(name, proto);
	entry->port = known ? ntohs(known->s_port) : -1;
	return entry->port;
}

static void service_free(void *p)
{
	struct service *entry = p;

	free(entry->name);
	free(entry);
}

void services_free(struct services *s)
{
	tdestroy(s->tree, service_free);
	s->tree = NULL;
}
