// SPDX-License-Identifier: GPL-2.0-only
/*
 * guest-rule 4|6 TABLE [times=N|netns=N] [EXTENSION [revision=N] [size=N] [FIELD=VALUE]...]...
 *
 * Puts one rule of the module's extensions into chain INPUT of a legacy table, as the only one, and
 * prints how the kernel lists it. So the kernel also gets rules that our plugins refuse, and the
 * program built for 32 bits tests such a userland. The layouts are written down here again on
 * purpose: they are the ABI, which a header may change by mistake.
 *
 * revision=N and size=N replace those of the extension. times=N: puts the rule there and removes
 * it, N times. netns=N: puts it into N new network namespaces, and each of them ends with the rule
 * in it. Without an extension the table is emptied.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/blob.h"

#define HEAD sizeof(struct xt_entry_target) /* that of a match is the same */
#define MOST 264

struct field {
	const char *name;
	size_t offset, size; /* size: 1 and 4 hold a number, others a text */
};

struct extension {
	const char *name;
	bool match;
	int revision;
	size_t size;
	struct field fields[7]; /* the last used one is followed by a NULL name */
};

/* pad: its last byte. last: that of secctx, where a shorter text has no business. */
static const struct extension extensions[] = {
	{ "SECMARK2",
	  false,
	  2,
	  264,
	  { { "mode", 0, 1 },
	    { "secctx", 1, 256 },
	    { "last", 256, 1 },
	    { "flags", 257, 1 },
	    { "pad", 259, 1 },
	    { "secid", 260, 4 } } },
	{ "CONNSECMARK2", false, 2, 4, { { "mode", 0, 1 }, { "flags", 1, 1 }, { "pad", 3, 1 } } },
	{ "secmark2",
	  true,
	  2,
	  264,
	  { { "mode", 0, 1 },
	    { "secctx", 1, 256 },
	    { "last", 256, 1 },
	    { "flags", 257, 1 },
	    { "pad", 259, 1 },
	    { "secid", 260, 4 } } },
};

/* A match or a target under construction. */
struct parcel {
	const struct extension *ext; /* NULL: none */
	union {
		struct xt_entry_match match;
		struct xt_entry_target target;
		char bytes[XT_ALIGN(HEAD + MOST)];
	} u;
};

struct request {
	int family;
	const char *table;
	long times, netns;
	struct parcel match, target;
};

static void __attribute__((noreturn)) rule_usage(const char *wrong)
{
	fprintf(stderr, "not understood: %s\n", wrong);
	fprintf(stderr, "usage: guest-rule 4|6 TABLE [times=N|netns=N] "
			"[EXTENSION [revision=N] [size=N] [FIELD=VALUE]...]...\n");
	exit(2);
}

static void __attribute__((noreturn)) rule_die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static const struct extension *extension_find(const char *name)
{
	for (size_t i = 0; i < N_ELEMENTS(extensions); i++)
		if (!strcmp(extensions[i].name, name))
			return &extensions[i];
	return NULL;
}

static void parcel_begin(struct parcel *p, const struct extension *ext, const char *name,
			 int revision)
{
	struct xt_entry_target *head = &p->u.target;

	p->ext = ext;
	head->u.user.target_size = XT_ALIGN(HEAD + ext->size);
	snprintf(head->u.user.name, sizeof(head->u.user.name), "%s", name);
	head->u.user.revision = revision;
}

static void field_set(struct parcel *p, const char *word)
{
	size_t len = strcspn(word, "=");

	for (const struct field *f = p->ext->fields; f->name; f++) {
		char *at = p->u.bytes + HEAD + f->offset;
		__u32 number;

		if (strlen(f->name) != len || strncmp(f->name, word, len))
			continue;
		number = strtoul(word + len + 1, NULL, 0);
		if (f->size == 1)
			*at = number;
		else if (f->size == sizeof(number))
			memcpy(at, &number, sizeof(number));
		else if (number)
			memset(at, number, f->size);
		else
			memcpy(at, word + len + 1, strnlen(word + len + 1, f->size));
		return;
	}
	rule_usage(word);
}

static void request_parse(struct request *r, int argc, char **argv)
{
	struct parcel *last = NULL;

	if (argc < 3 || (strcmp(argv[1], "4") && strcmp(argv[1], "6")))
		rule_usage(argc > 1 ? argv[1] : "nothing");
	r->family = argv[1][0] == '6';
	r->table = argv[2];
	for (int i = 3; i < argc; i++) {
		const struct extension *ext = extension_find(argv[i]);

		if (ext)
			parcel_begin(last = ext->match ? &r->match : &r->target, ext, ext->name,
				     ext->revision);
		else if (!strncmp(argv[i], "times=", 6))
			r->times = atol(argv[i] + 6);
		else if (!strncmp(argv[i], "netns=", 6))
			r->netns = atol(argv[i] + 6);
		else if (last && !strncmp(argv[i], "revision=", 9))
			last->u.target.u.user.revision = atol(argv[i] + 9);
		else if (last && !strncmp(argv[i], "size=", 5))
			last->u.target.u.user.target_size = XT_ALIGN(HEAD + atol(argv[i] + 5));
		else if (last && strchr(argv[i], '='))
			field_set(last, argv[i]);
		else
			rule_usage(argv[i]);
	}
}

static struct part parcel_part(const struct parcel *p)
{
	return (struct part){ p->u.bytes, p->ext ? p->u.target.u.user.target_size : 0 };
}

/* Replaces the table's contents; NULL empties it. Returns what was sent, which the caller frees. */
static struct ipt_replace *rule_put(int fd, const struct request *r, const struct rule *rule)
{
	struct ipt_replace *blob;
	struct ipt_getinfo info;

	if (table_info(fd, r->family, r->table, &info))
		rule_die(r->table);
	blob = table_blob(r->family, r->table, info.valid_hooks, rule);
	if (table_replace(fd, r->family, blob, &info))
		rule_die("the kernel refuses the rule");
	return blob;
}

static void part_print(const char *head)
{
	const struct xt_entry_target *t = (const struct xt_entry_target *)head;
	const struct extension *ext = extension_find(t->u.user.name);

	if (!ext)
		return;
	printf("%s revision=%d", t->u.user.name, t->u.user.revision);
	for (const struct field *f = ext->fields; f->name; f++) {
		const char *at = head + HEAD + f->offset;
		__u32 number = (unsigned char)*at;

		if (f->size == sizeof(number))
			memcpy(&number, at, sizeof(number));
		if (f->size <= sizeof(number)) {
			printf(" %s=%u", f->name, number);
		} else {
			printf(" %s=%.*s", f->name, (int)f->size, at);
		}
	}
	printf("\n");
}

/* What the kernel writes into a rule for itself, it shows. */
static void comefrom_clear(char *entry, int family)
{
	if (family)
		((struct ip6t_entry *)entry)->comefrom = 0;
	else
		((struct ipt_entry *)entry)->comefrom = 0;
}

static void entries_print(char *blob, unsigned int size, int family)
{
	for (unsigned int at = 0, next; at < size; at += next) {
		struct ip6t_entry *v6 = (struct ip6t_entry *)(blob + at);
		struct ipt_entry *v4 = (struct ipt_entry *)(blob + at);
		unsigned int head = family ? sizeof(*v6) : sizeof(*v4);
		unsigned int target = family ? v6->target_offset : v4->target_offset;

		next = family ? v6->next_offset : v4->next_offset;
		if (!next)
			break;
		comefrom_clear(blob + at, family);
		if (target > head)
			part_print(blob + at + head);
		part_print(blob + at + target);
	}
}

/* The kernel's own field, which it never shows, may have been sent. */
static void secid_clear(struct parcel *p)
{
	for (const struct field *f = p->ext ? p->ext->fields : NULL; f && f->name; f++)
		if (!strcmp(f->name, "secid"))
			memset(p->u.bytes + HEAD + f->offset, 0, f->size);
}

/* Lists the kernel's table. Except for the kernel's own fields it must be what was sent. */
static int rule_list(int fd, const struct request *r, const struct ipt_replace *shown)
{
	struct ipt_get_entries *got = must_alloc(sizeof(*got) + shown->size);
	socklen_t len = sizeof(*got) + shown->size;
	int same;

	snprintf(got->name, sizeof(got->name), "%s", r->table);
	got->size = shown->size;
	if (getsockopt(fd, table_level(r->family), IPT_SO_GET_ENTRIES, got, &len))
		rule_die("the kernel does not list the table");
	entries_print((char *)got->entrytable, got->size, r->family);
	same = !memcmp(got->entrytable, shown + 1, shown->size);
	if (!same)
		printf("it is not what the kernel got\n");
	free(got);
	return !same;
}

static void times_put(int fd, const struct request *r, const struct rule *rule)
{
	for (long i = 0; i < r->times; i++) {
		free(rule_put(fd, r, rule));
		free(rule_put(fd, r, NULL));
	}
}

static void netns_put(const struct request *r, const struct rule *rule)
{
	for (long i = 0; i < r->netns; i++) {
		int status = 0;
		pid_t pid = fork();

		if (pid == 0) {
			if (unshare(CLONE_NEWNET))
				rule_die("no new namespace");
			free(rule_put(table_socket(r->family), r, rule));
			_exit(0);
		}
		if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
			exit(1);
	}
}

int main(int argc, char **argv)
{
	struct request r = { 0 };
	struct ipt_replace *sent, *shown;
	struct rule rule;
	int fd, status = 0;

	request_parse(&r, argc, argv);
	rule = (struct rule){ NF_INET_LOCAL_IN, parcel_part(&r.match), parcel_part(&r.target) };
	fd = table_socket(r.family);
	if (fd < 0)
		rule_die("no socket");
	if (r.times) {
		times_put(fd, &r, &rule);
	} else if (r.netns) {
		netns_put(&r, &rule);
	} else {
		const struct rule *only = r.match.ext || r.target.ext ? &rule : NULL;

		sent = rule_put(fd, &r, only);
		secid_clear(&r.match);
		secid_clear(&r.target);
		shown = table_blob(r.family, r.table, sent->valid_hooks, only);
		status = rule_list(fd, &r, shown);
		free(shown);
		free(sent);
	}
	close(fd);
	return status;
}
