/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_LISTED_PORTS_H
#define SECMARK2_XTABLES_LISTED_PORTS_H

#include "compile/dispatch.h"
#include "packet/ports.h"

/* At most so many ports in a row are listed. A line with more of them, as for passive FTP, is also
 * for ports that the kernel gives to clients. */
#define LISTED_PORTS_MAX 16

/**
 * listed_ports - the ports of servers among those that the kernel gives to clients
 * @plan:   the plan
 * @side:   of which lines
 * @family: that these lines are for
 *
 * A line lists a port if it names it, alone or with its neighbours. While a server listens there,
 * the kernel of its host gives the port to no client.
 *
 * Returns the TCP ports; free them with ports_free().
 */
struct ports listed_ports(const struct plan *plan, enum side side, enum dispatch_family family);

#endif
