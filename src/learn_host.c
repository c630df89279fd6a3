// SPDX-License-Identifier: GPL-2.0-only
#include "learn_host.h"

#include "advise/learn_evidence.h"
#include "advise/learn_now.h"
#include "host/client_ports.h"
#include "print.h"

int learn_host_read(struct learn_host *h, bool now, struct learn_evidence *e, struct err *err)
{
	int ret = sockets_read(&h->sockets, 0, err);

	e->client_ports = client_ports_read();
	e->sockets = &h->sockets;
	/* without them, the types of ports tell the protocol */
	if (!now)
		return 0;
	if (!ret) {
		socket_owners_read("/proc", &h->owners);
		learn_take_sockets(e, &h->sockets, &h->owners);
	}
	return ret;
}

void learn_host_print_unlisted(const struct learn_host *h)
{
	unsigned int i;
	size_t n;

	for (i = 0; i < SOCKETS_MODULES; i++) {
		n = h->sockets.unlisted[i];
		if (n)
			print_line(stderr,
				   "secmarkctl: note: the kernel does not list %zu %s without %s: "
				   "try modprobe %s",
				   n, n == 1 ? "socket" : "sockets", sockets_modules[i],
				   sockets_modules[i]);
	}
}

void learn_host_free(struct learn_host *h)
{
	sockets_free(&h->sockets);
	socket_owners_free(&h->owners);
}
