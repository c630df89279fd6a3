// SPDX-License-Identifier: GPL-2.0-only
#include "host/client_ports.h"

#include <stdio.h>

#define CLIENT_PORTS_FILE "/proc/sys/net/ipv4/ip_local_port_range"

struct port_range client_ports_read(void)
{
	struct port_range ports = PORTS_OF_CLIENTS;
	unsigned int lo, hi;
	FILE *in = fopen(CLIENT_PORTS_FILE, "re");

	if (!in)
		return ports;
	if (fscanf(in, "%u %u", &lo, &hi) == 2 && lo <= hi && hi <= PORT_MAX)
		ports = (struct port_range){ lo, hi };
	fclose(in);
	return ports;
}
