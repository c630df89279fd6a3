/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_DUMP_RULE_MATCH_H
#define SECMARK2_DUMP_RULE_MATCH_H

#include <stdbool.h>

#include "dump/iptables_save.h"
#include "dump/match.h"

/* What an iptables rule does, and to which packets. Its texts belong to the dump. */
struct dump_action {
	struct dump_match match;
	const char *target;    /* of -j or -g; NULL: none */
	bool go;               /* -g */
	bool accept;           /* --accept */
	bool not_reply;        /* it cannot match a reply */
	unsigned int problems; /* how many words of the rule a plan cannot express */
	const char *selctx, *seltype;
	struct pos label_pos;
};

/* Reads a rule. End its match with dump_match_free(). */
void dump_match_read(const struct dump *dump, const struct dump_rule *rule,
		     struct dump_action *action);

#endif
