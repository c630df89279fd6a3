/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_LEARN_FIRST_H
#define SECMARK2_ADVISE_LEARN_FIRST_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct learn_evidence;
struct learn_lines;

/**
 * learn_take_first - add what nearly every machine uses, whether it is seen now or not
 * @e:       gets ICMP, DHCP, DNS and NTP
 * @session: the port at which the caller has logged in from another machine, or 0
 *
 * Their lines name no addresses: these come with the network that the machine is in.
 */
void learn_take_first(struct learn_evidence *e, uint16_t session);

/* Puts the lines into the order of a first plan: ssh and the session, ICMP, DHCP, DNS, NTP, and
 * then the others, most used first. */
void learn_sort_first(struct learn_lines *lines);

/**
 * learn_print_first - write a first plan
 * @lines:  in its order
 * @hidden: so many processes do not show their sockets: a comment warns of it
 * @out:    where to
 */
void learn_print_first(const struct learn_lines *lines, size_t hidden, FILE *out);

#endif
