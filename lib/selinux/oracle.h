/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_SELINUX_ORACLE_H
#define SECMARK2_SELINUX_ORACLE_H

#include <stdbool.h>
#include <stdint.h>

struct context;
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
 * Somebody who knows a policy. Every call may return -errno for "I do not
 * know": the caller must then neither accept nor refuse on its account.
 */
struct oracle_ops {
	/* 1 if the policy knows this context, 0 if not */
	int (*valid)(struct oracle *o, const char *context);
	/* a valid object context, of the initial SID "port": of CONTEXT_LEN_MAX + 1 bytes */
	int (*base)(struct oracle *o, char *context);
	/* 1 if the calling process may relabelto packets to this context, 0 if not */
	int (*may_relabelto)(struct oracle *o, const char *context);
	/* enum oracle_role */
	int (*role)(struct oracle *o, const char *user, const char *role, const char *type);
	/* 1 if the type, which exists, carries the attribute (a string that outlives the
	 * oracle), 0 if not; -ENOENT where the policy has no such attribute */
	int (*type_has)(struct oracle *o, const char *type, const char *attribute);
	/* calls fn with each name (of types: with that attribute, if not NULL); 0 */
	int (*names)(struct oracle *o, enum oracle_names what, const char *attribute,
		     void (*fn)(void *arg, const char *name), void *arg);
	/* calls fn with each range of ports (portcon): the first one that has a port is its; 0 */
	int (*ports)(struct oracle *o, void (*fn)(void *arg, const struct oracle_ports *ports),
		     void *arg);
	void (*free)(struct oracle *o);
};

struct oracle {
	const struct oracle_ops *ops;
	const char *policy;    /* how errors call it: "the loaded policy", or a file */
	unsigned int searches; /* for names that are like a wrong one */
};

/* So often are names looked for that are like a wrong one: each time all there are. */
#define ORACLE_SEARCHES_MAX 100

/**
 * oracle_judge - is this a context of the policy, and if not, what is wrong?
 * @o:   whom to ask
 * @ctx: a context of good shape (context_parse)
 * @err: filled where the context is not valid
 *
 * Returns 0 for a valid context, -EINVAL for an invalid one, another negative
 * errno where the oracle does not know. Of the first ORACLE_SEARCHES_MAX
 * wrong names the hint has those that are like them. Fields are blamed by asking for the
 * policy's own object context with one field replaced, so that this works
 * with any oracle, even one that cannot list what the policy has.
 */
int oracle_judge(struct oracle *o, const struct context *ctx, struct err *err);

/**
 * oracle_is_packet_type - does the type carry attribute packet_type?
 * @o:    whom to ask
 * @type: a type of the policy
 *
 * Returns false only where the policy has that attribute (refpolicy's
 * corenetwork.te declares it) and the type certainly lacks it.
 */
bool oracle_is_packet_type(struct oracle *o, const char *type);

/**
 * oracle_free - end an oracle
 * @o: it, or NULL
 */
void oracle_free(struct oracle *o);

#endif
