/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_PREFLIGHT_H
#define SECMARK2_ADVISE_PREFLIGHT_H

#include <stdbool.h>
#include <stddef.h>

#include "advise/preflight_machine.h"

struct access;
struct host_socket;
struct plan;
struct plan_line;
struct socket_process;

/* Why a socket's packets have the label that they have. */
enum preflight_why {
	PREFLIGHT_LINE,  /* a line of the plan gives it */
	PREFLIGHT_NONE,  /* no line gives one */
	PREFLIGHT_OLDER, /* the connection is older than the rules, and has no label; the line would
			  * give one after --reset-flows */
	PREFLIGHT_KEPT,  /* the connection has its label from earlier rules */
	PREFLIGHT_OTHER, /* the plan has no rules in the socket's network namespace */
};

/* A socket that would be cut off. */
struct preflight_cut {
	enum preflight_kind kind;
	bool own;    /* the login of the caller */
	bool partly; /* only for some addresses or interfaces of the other end */
	const struct host_socket *socket;
	const struct socket_process *process;
	const char *domain; /* the context of the socket */
	const char *label;  /* the context of the packets */
	enum preflight_why why;
	const struct plan_line *line; /* NULL: none */
	unsigned int lacks;           /* PACKET_SEND, PACKET_RECV */
};

/* The caller sets the first five members, the rest starts as zeros. */
struct preflight {
	const struct plan *plan; /* check_plan() has filled its contexts in */
	struct access *access;
	const char *unlabeled;   /* the policy's context, or type, of packets without a label */
	bool reset_flows;        /* as apply --reset-flows */
	bool only_logins;        /* and what sshd listens at: no other socket is looked at */
	struct preflight_cut *v; /* logins first, the caller's own before the others */
	size_t n;
	size_t judged;
	size_t older;   /* connections without a label that the plan labels only then */
	size_t unowned; /* sockets for which no process was found: the kernel's are among them */
	size_t unknown; /* sockets whose label is unknown, or not in the policy */
	size_t unaimed; /* sockets of clients: nobody knows to whom they will talk */
	size_t ruled;   /* sockets of namespaces that have rules of their own */
	void *contexts, *answers; /* what was asked before */
};

/**
 * preflight_judge - which sockets would be cut off if the plan's rules were loaded?
 * @p: the question; gets the answers, which point into it and into @m
 * @m: the machine
 *
 * The kernel checks each packet that a socket sends or receives: the socket's label needs the
 * permission send or recv for the label of the packet (selinux_ip_postroute(),
 * selinux_socket_sock_rcv_skb(), security/selinux/hooks.c). All packets of a flow have the label of
 * its line. Over loopback, each end is judged by its own line. Labels that packets bring from
 * another namespace are not known, nor is what NAT of this host does to its own packets.
 */
void preflight_judge(struct preflight *p, const struct preflight_machine *m);

/* Frees what is in it, apart from the first five members. */
void preflight_free(struct preflight *p);

#endif
