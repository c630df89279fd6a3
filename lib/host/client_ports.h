/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_CLIENT_PORTS_H
#define SECMARK2_HOST_CLIENT_PORTS_H

#include "packet/ports.h"

/**
 * client_ports_read - the ports that the kernel of this network namespace gives to clients
 *
 * A socket that connects without bind(2) gets one of them (ip_local_port_range in ip(7), for IPv4
 * and IPv6), unless another socket is bound to it. So a port that is none of them is most likely a
 * server's.
 *
 * Returns the range, or PORTS_OF_CLIENTS if it cannot be read.
 */
struct port_range client_ports_read(void);

#endif
