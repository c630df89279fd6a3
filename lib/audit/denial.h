/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_AUDIT_DENIAL_H
#define SECMARK2_AUDIT_DENIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/net.h"

/*
 * What a record of SELinux (an AVC record) says. Its texts are bytes that others have chosen: print
 * them with text_printable() or print_line(). Those that the record does not have are NULL.
 */
struct denial {
	bool granted;      /* the record is of a rule "auditallow" */
	int permissive;    /* 1: it was let through; 0: it was not; -1: the record does not say */
	const char *perms; /* with single blanks between them */
	const char *source, *target; /* contexts, whose shape is not checked */
	const char *class;
	const char *comm, *exe, *pid;
	/* Of a packet they are its ends; of a socket class src is this host's. The family is 0
	 * where the record has no address. */
	struct net src, dst;
	uint16_t sport, dport; /* 0: the record has none */
	const char *netif;
	bool invalid_source, invalid_target; /* the policy does not have this context any more */
	/* from the line around the record */
	int64_t time;    /* milliseconds since 1970; 0: unknown */
	uint64_t serial; /* of the event; 0: unknown */
	size_t count;    /* how often the line was there: "uniq -c" writes it in front */
	const char *file;
	unsigned long line;
	/* from a SYSCALL record of the same event, which may have nothing to do with it */
	bool syscall;
	char *store; /* the texts; denial_free() frees it */
};

/* What a text is. */
enum denial_parse {
	DENIAL_READ,    /* a record of the network, in *d */
	DENIAL_OTHER,   /* a record of another class of objects */
	DENIAL_PARTIAL, /* the beginning of a record; or one whose values make no sense */
};

/**
 * denial_parse - read a record
 * @text: from "avc:" on; need not end in a NUL
 * @len:  its length in bytes
 * @d:    filled if the result is DENIAL_READ; end it with denial_free(). Members that come from the
 *        line around the record are 0
 *
 * Of a field that is there twice the last one counts: the names of programs, which anybody chooses,
 * stand in front of what the kernel itself says (slow_avc_audit(), security/selinux/avc.c).
 */
enum denial_parse denial_parse(const char *text, size_t len, struct denial *d);

/* Takes the path of the program from a SYSCALL record of the same event. text: behind its header */
void denial_take_syscall(struct denial *d, const char *text, size_t len);

/* Do records of this class tell of packets or of ports? */
bool denial_is_network(const char *class, const char *perms);

/* The bytes that a type may take in tables of labels and domains; what is longer is cut. */
#define DENIAL_TYPE_MAX 256

/* The type in a context, also in one without a level; "?" if there is none. Returns buf. */
const char *denial_type(const char *context, char *buf, size_t size);

/* A copy with texts of its own. */
void denial_copy(struct denial *to, const struct denial *from);

/* Frees its content. */
void denial_free(struct denial *d);

/* Undoes the way in which audit writes names of others: in quotation marks, or as hexadecimal
 * digits (audit_log_untrustedstring(), kernel/audit.c). In place. Digits of a name with control
 * characters stay: with a newline in it, it could add lines to whatever is said of it. */
void denial_decode(char *text);

#endif
