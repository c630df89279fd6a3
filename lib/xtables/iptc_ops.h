/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_IPTC_OPS_H
#define SECMARK2_XTABLES_IPTC_OPS_H

#include <stdbool.h>

struct xtc_handle;

/* libiptc for a family. The functions of both families differ in the type of a rule. They set
 * errno. */
struct iptc_ops {
	int family;         /* AF_INET, AF_INET6 */
	const char *names;  /* the file that lists the tables that exist */
	const char *module; /* the kernel module that has the tables */
	struct xtc_handle *(*init)(const char *table);
	void (*free)(struct xtc_handle *h);
	int (*commit)(struct xtc_handle *h);
	const char *(*error)(int code);
	const char *(*first_chain)(struct xtc_handle *h);
	const char *(*next_chain)(struct xtc_handle *h);
	const void *(*first_rule)(const char *chain, struct xtc_handle *h);
	const void *(*next_rule)(const void *rule, struct xtc_handle *h);
	const char *(*target)(const void *rule, struct xtc_handle *h);
	int (*is_chain)(const char *chain, struct xtc_handle *h);
	int (*create)(const char *chain, struct xtc_handle *h);
	int (*flush)(const char *chain, struct xtc_handle *h);
	int (*remove)(const char *chain, struct xtc_handle *h);
	int (*append)(const char *chain, const void *rule, struct xtc_handle *h);
	int (*insert)(const char *chain, const void *rule, unsigned int number,
		      struct xtc_handle *h);
	int (*delete_rule)(const char *chain, unsigned int number, struct xtc_handle *h);
};

/* IPv4, IPv6 */
extern const struct iptc_ops iptc_families[2];

/* Has modprobe load the module that all tables of a family need: the kernel loads that of a table
 * by itself, but not this one. It may fail: what needs the module says so. */
void iptc_load_module(const struct iptc_ops *ops);

/*
 * Does the kernel know this revision of a target, or of a match? It loads the module that has it,
 * if it can. Returns 0; -ENOENT: no such target or match; -EPROTONOSUPPORT: no such revision;
 * -ENOPROTOOPT: ip_tables is not loaded; or another -errno.
 */
int iptc_has_extension(const char *name, unsigned int revision, bool target);

/* The highest revision of the target SECMARK that the kernel knows, 0 or 1; 1 if the kernel does
 * not say. */
int iptc_secmark_revision(void);

#endif
