/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_TREE_KIND_H
#define SECMARK2_XTABLES_TREE_KIND_H

#include <stdbool.h>

#include "plan/line.h"
#include "xtables/line_rules.h"

/* The trees of ports. Each looks up one side of the plan for the packets of a hook. */
enum tree {
	TREE_SERVER_IN,     /* by the destination's port: to this host */
	TREE_CLIENT_IN,     /* by the source's: an answer to this host */
	TREE_SERVER_OUT,    /* by the source's: this host's answer */
	TREE_CLIENT_OUT,    /* by the destination's: from this host */
	TREE_ACTIVE_IN,     /* by FTP's port: an answer to this host's active FTP server */
	TREE_SERVER_LISTED, /* by the destination's, if a line lists it: to this host */
	TREE_CLIENT_LISTED, /* by the source's, if a line lists it: to this host */
	TREE_FORWARD,
	TREE_FORWARD_BACK,   /* by the source's: the answer to a forwarded packet */
	TREE_ACTIVE_FORWARD, /* by FTP's port: the answer to an active FTP server */
	TREE_REPLY_BACK,     /* by the source's: the answer, and then TREE_FORWARD_LISTED */
	TREE_FORWARD_LISTED, /* by the destination's, if a line lists it */
	TREE_BACK_LISTED,    /* by the source's, if a line lists it */
	TREES,
};

struct tree_kind {
	const char *name; /* in names of chains */
	enum side side;
	struct line_view view;
	bool listed; /* only ports that listed_ports() has */
};
extern const struct tree_kind tree_kinds[TREES];

#endif
