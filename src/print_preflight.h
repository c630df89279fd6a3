/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PRINT_PREFLIGHT_H
#define SECMARK2_PRINT_PREFLIGHT_H

struct preflight;
struct preflight_cut;
struct preflight_machine;

/* "your login from 192.0.2.7 port 40000: sshd (pid 812, sshd_t) may not send ...". The caller frees
 * it. Nothing in it is escaped. */
char *preflight_cut_text(const struct preflight_cut *cut, const struct preflight_machine *m);

/* Prints what would be cut off, and what was not judged, for people. */
void print_preflight_text(const struct preflight *p, const struct preflight_machine *m);

/* Prints it as a JSON object; secmarkctl(8) describes it. policy: its name */
void print_preflight_json(const struct preflight *p, const struct preflight_machine *m,
			  const char *policy);

#endif
