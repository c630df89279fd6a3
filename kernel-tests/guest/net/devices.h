/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_DEVICES_H
#define GUEST_DEVICES_H

#include "net/topology.h"

/* Topologies that topology_find() finds, too; the last one has no name. */
extern struct topology device_topologies[];

#endif
