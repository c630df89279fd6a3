/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_SELINUX_ORACLE_H
#define SECMARK2_SELINUX_ORACLE_H

#include <stdbool.h>
#include <stdint.h>

#include "selinux/context.h"
#include "selinux/judged.h"
#include "selinux/packet_type.h"

struct err;
struct oracle;

/* Why a role does not go with a user and a type that exist. */
enum oracle_role {
	ORACLE_ROLE_FITS,
	ORACLE_ROLE_UNKNOWN,
	ORACLE_ROLE_NOT_FOR_USER,
	ORACLE_ROLE_NOT_FOR_TYPE,
};

enum oracle_names {
	ORACLE_USERS,
	ORACLE_ROLES,
	ORACLE_TYPES, /* without attributes and aliases */
};

/* A range of ports that the policy has a type for. */
struct oracle_ports {
	uint8_t proto;   /* IPPROTO_* */
	uint16_t lo, hi; /* both are in it */
	const char *type;
};

/*
 * What can answer questions about a policy. Every call may return -errno for "not known": the
 * caller must then neither accept nor refuse because of it. */
struct oracle_ops {
	/* 1 if the policy knows this context, 0 if not */
	int (*valid)(struct oracle *o, const char *context);
	/* a valid object context, of the initial SID "port": into CONTEXT_LEN_MAX + 1 bytes */
	int (*base)(struct oracle *o, char *context);
	/* 1 if the calling process may relabelto packets to this context, 0 if not. With the path
	 * of a program: the domain that the process enters when it runs the program; -ENODATA if
	 * nobody can tell which one that is, and the process itself may not */
	int (*may_relabelto)(struct oracle *o, const char *program, const char *context);
	/* enum oracle_role */
	int (*role)(struct oracle *o, const char *user, const char *role, const char *type);
	/* 1 if an existing type carries the attribute (a string that outlives the oracle), 0 if
	 * not; -ENOENT if the policy has no such attribute */
	int (*type_has)(struct oracle *o, const char *type, const char *attribute);
	/* calls fn with each name (only types with the attribute, if that is not NULL); 0 */
	int (*names)(struct oracle *o, enum oracle_names what, const char *attribute,
		     void (*fn)(void *arg, const char *name), void *arg);
	/* calls fn with each range of ports (portcon); for a port the first one that has it counts;
	 * 0 */
	int (*ports)(struct oracle *o, void (*fn)(void *arg, const struct oracle_ports *ports),
		     void *arg);
	void (*free)(struct oracle *o);
};

/* Its maker sets the first two members; the rest starts as zeros. */
struct oracle {
	const struct oracle_ops *ops;
	const char *policy;    /* its name in errors: "the loaded policy", or a file */
	unsigned int searches; /* how many suggestions were looked for */
	bool base_asked;
	int base_error;      /* -errno of asking for the base context */
	struct context base; /* what ops->base said: asked for once */
	/* what oracle_judge_for() found out, by side: hints differ */
	struct judged judged[PACKET_SIDES];
};

/* A suggestion for a wrong name looks at all names that there are; this many are made. */
#define ORACLE_SEARCHES_MAX 100

/**
 * oracle_judge - is this a context of the policy, and if not, what is wrong?
 * @o:    whom to ask
 * @text: any text
 * @err:  filled where this is not a valid context; emptied otherwise
 *
 * The policy is asked once about each context, for each side. The answer is kept. This function
 * finds the wrong field by asking for the policy's own object context with one field replaced. So
 * this works with any oracle, even one that cannot list what the policy has. For the first
 * ORACLE_SEARCHES_MAX wrong names the hint suggests similar ones.
 *
 * Returns 0 for a valid context, -EINVAL for an invalid one, another negative errno where the
 * oracle does not know.
 */
int oracle_judge(struct oracle *o, const char *text, struct err *err);

/**
 * oracle_judge_for - the same for a context of one side: its packet types come first in the hint
 */
int oracle_judge_for(struct oracle *o, const char *text, enum packet_side side, struct err *err);

/**
 * oracle_base - the policy's own object context
 * @o:    whom to ask; it asks once
 * @base: where to; lives as long as @o, and is of use only after success
 *
 * Returns 0, or the -errno of struct oracle_ops; -EIO where the policy's context has no good shape.
 */
int oracle_base(struct oracle *o, const struct context **base);

/**
 * oracle_tells_first - is this the first call for a context?
 * @o:    who judged it
 * @text: the context
 *
 * For a caller that warns once about each context. Returns true again where oracle_judge() could
 * not keep the context.
 */
bool oracle_tells_first(struct oracle *o, const char *text);

/**
 * oracle_is_packet_type - does the type carry attribute packet_type?
 * @o:    whom to ask
 * @type: a type of the policy
 *
 * Returns false only if the policy has that attribute (refpolicy's corenetwork.te declares it) and
 * the type certainly lacks it.
 */
bool oracle_is_packet_type(struct oracle *o, const char *type);

/* Does the type carry the attribute secmark2_packet_type of policy/? After oracle_is_packet_type(),
 * that makes libsepol read the whole running policy: some 150 million instructions. */
bool oracle_is_module_packet_type(struct oracle *o, const char *type);

/**
 * oracle_hint_type - add the packet types that were probably meant to an error
 * @o:    whom to ask
 * @type: a type that does not exist, or is not for packets
 * @err:  the error; its hint becomes "did you mean ...?"
 *
 * Returns whether there is one; see packet_type.h. For the first ORACLE_SEARCHES_MAX types only.
 */
bool oracle_hint_type(struct oracle *o, const char *type, struct err *err);

/* The same for a type that exists, on a line of one side. Nobody misspelled it, so a type that only
 * looks alike is no hint. */
bool oracle_hint_stem(struct oracle *o, const char *type, enum packet_side side, struct err *err);

/**
 * oracle_free - end an oracle
 * @o: it, or NULL
 */
void oracle_free(struct oracle *o);

#endif
