/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_LINE_PORT_H
#define SECMARK2_ADVISE_LINE_PORT_H

struct oracle;
struct plan_line;

/**
 * line_port_type - the policy's type of a line's first ports
 * @o:    the policy
 * @line: the line
 *
 * Returns the type of the ports in the line's first range. As in the kernel (security_port_sid(),
 * security/selinux/ss/services.c), a port has the type of the first range of the policy that has
 * it. The string lives as long as the oracle. NULL if the line has no ports, if its first range has
 * several types or none, and if the oracle does not know.
 */
const char *line_port_type(struct oracle *o, const struct plan_line *line);

#endif
