/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLAN_VALUE_H
#define SECMARK2_PLAN_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "packet/proto.h"
#include "plan/line.h"
#include "plan/words.h"

struct services;

/*
 * The values of a plan. Each reads what comes next in a line, and returns 0,
 * or -EINVAL: then it has recorded the error.
 */

/* Is it one of the words that the language is made of? None of them is ever a name. */
bool plan_is_keyword(const char *text);

/**
 * plan_suggest - a hint for a word that is none of those known
 * @out:  where to: "did you mean X?", or all of them where none is alike
 * @size: its size
 * @text: the word
 * @names: the known words, behind the last one a NULL
 */
void plan_suggest(char *out, size_t size, const char *text, const char *const *names);

int plan_value_proto(struct words *w, const struct plan_proto **proto);
/* A list of ports; what is given twice is a warning. Asks for the names of services. */
int plan_value_ports(struct words *w, const struct plan_proto *proto, struct services *services,
		     struct ports *ports);
/* A type, or (if whole) a whole context. */
int plan_value_label(struct words *w, bool whole, struct plan_label *label);
/* The level of a label that has been read. */
int plan_value_level(struct words *w, struct plan_label *label);
int plan_value_nets(struct words *w, const struct plan_proto *proto, struct plan_nets *nets);
/* One interface; negated is NULL where it cannot be. */
int plan_value_iface(struct words *w, char name[IFNAMSIZ], bool *negated);
/* One or more domains, up to a keyword. */
int plan_value_domains(struct words *w, struct plan_domains *domains);

#endif
