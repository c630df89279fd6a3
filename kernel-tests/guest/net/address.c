// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>

#include "net/address.h"

/* struct sockaddr_in6 has its port where struct sockaddr_in has it. */
_Static_assert(offsetof(struct sockaddr_in, sin_port) == offsetof(struct sockaddr_in6, sin6_port),
	       "one place for the port");

void port_set(struct sockaddr_storage *ss, int port)
{
	((struct sockaddr_in *)ss)->sin_port = htons(port);
}

socklen_t address_read(struct sockaddr_storage *ss, const char *text, int port)
{
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ss;
	struct sockaddr_in *v4 = (struct sockaddr_in *)ss;

	memset(ss, 0, sizeof(*ss));
	port_set(ss, port);
	if (strchr(text, ':')) {
		ss->ss_family = AF_INET6;
		return inet_pton(AF_INET6, text, &v6->sin6_addr) == 1 ? sizeof(*v6) : 0;
	}
	ss->ss_family = AF_INET;
	return inet_pton(AF_INET, text, &v4->sin_addr) == 1 ? sizeof(*v4) : 0;
}
