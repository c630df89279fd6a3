/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_DUMP_REPLIES_H
#define SECMARK2_DUMP_REPLIES_H

#include <stdbool.h>

struct dump;
struct dump_action;
struct dump_rule;
struct replies;

/*
 * The rules of a hook, to be found by the replies to the packets that they match. Begins as NULL.
 */

/* Adds an appended rule, which must live as long as they do. Free them with replies_free(). */
void replies_add(struct replies **r, const struct dump *dump, const struct dump_rule *rule);

/* Does a rule with source ports, and no other problem, say of replies what one of these rules says
 * of the packets that begin the connections? See dump_match_replies(). */
bool replies_have(struct replies *r, const struct dump_action *action);

void replies_free(struct replies *r);

#endif
