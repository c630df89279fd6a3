/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_ACCESS_SOCKETS_H
#define SECMARK2_ADVISE_ACCESS_SOCKETS_H

#include <stdbool.h>

struct policydb;

/**
 * access_sockets_read - find the types that sockets can have
 * @p: a kernel policy
 *
 * The kernel asks for the socket's label when a packet passes it. That is the label of the process
 * that made the socket, unless that asked for another one (setsockcreatecon(3)) or changed it
 * (fsetfilecon(3)): then the policy is asked for the permission create or relabelto. A rule counts
 * whatever its boolean is.
 *
 * Returns an array by the values of types, which the caller frees.
 */
bool *access_sockets_read(const struct policydb *p);

#endif
