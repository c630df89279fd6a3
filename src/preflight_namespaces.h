/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PREFLIGHT_NAMESPACES_H
#define SECMARK2_PREFLIGHT_NAMESPACES_H

struct preflight_machine;

/* Marks the namespaces that have rules of secmarkctl, but for the own one: a plan for this one is
 * none for them. */
void preflight_namespaces_mark(struct preflight_machine *m);

#endif
