// SPDX-License-Identifier: GPL-2.0-only
#include "host/audit_events.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/running_policy.h"

/* include/linux/audit.h: MAX_AUDIT_MESSAGE_LENGTH is 8970 */
#define RECORD_MAX 9216

/* All other records stay in the kernel: some machines write thousands of them each second. */
static int only_types(int fd, uint16_t type, uint16_t other)
{
	/* BPF reads numbers in network order; the kernel writes them in its own */
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, offsetof(struct nlmsghdr, nlmsg_type)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(type), 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(other), 0, 1),
		BPF_STMT(BPF_RET | BPF_K, ~0U),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

static int open_group(uint16_t type, uint16_t other)
{
	struct sockaddr_nl group = { .nl_family = AF_NETLINK,
				     .nl_groups = 1 << (AUDIT_NLGRP_READLOG - 1) };
	int fd, failed;

	if (!running_policy_allows_self("capability2", "audit_read"))
		return -EACCES;
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_AUDIT);
	if (fd < 0)
		return -errno;
	if (!only_types(fd, type, other) && !bind(fd, (struct sockaddr *)&group, sizeof(group)))
		return fd;
	failed = -errno;
	close(fd);
	return failed;
}

int audit_events_open(void)
{
	return open_group(AUDIT_NETFILTER_CFG, AUDIT_NETFILTER_CFG);
}

int audit_events_open_denials(void)
{
	return open_group(AUDIT_AVC, AUDIT_SYSCALL);
}

/* The value of a field, up to the next space; NULL: the record has no such field. */
static const char *field(const char *text, const char *name)
{
	size_t len = strlen(name);
	const char *at = text;

	while ((at = strstr(at, name))) {
		if ((at == text || at[-1] == ' ') && at[len] == '=')
			return at + len + 1;
		at += len;
	}
	return NULL;
}

static bool field_begins(const char *value, const char *with)
{
	return value && !strncmp(value, with, strlen(with));
}

/* The last field of that name. */
static const char *last_field(const char *text, const char *name)
{
	const char *at = field(text, name), *last = at;

	while (at) {
		last = at;
		at = field(at, name);
	}
	return last;
}

/* In newer kernels, a colon and the generation of nf_tables follow the name. */
static bool is_table(const char *value, const char *name)
{
	size_t len = strlen(name), rest;

	if (!field_begins(value, name))
		return false;
	value += len;
	if (*value == ':' && (rest = strspn(value + 1, "0123456789")))
		value += 1 + rest;
	return !*value || *value == ' ' || *value == '\n';
}

static int hex_digit(char c)
{
	const char *digits = "0123456789ABCDEF", *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* In quotes, or as hexadecimal digits if it has other bytes than letters and the like. */
static void take_name(const char *value, struct rule_writer *writer)
{
	size_t n = 0;

	if (*value == '"') {
		snprintf(writer->name, sizeof(writer->name), "%.*s",
			 (int)strcspn(value + 1, "\" \n"), value + 1);
		return;
	}
	for (; n < sizeof(writer->name) - 1 && hex_digit(value[0]) >= 0 && hex_digit(value[1]) >= 0;
	     value += 2)
		writer->name[n++] = hex_digit(value[0]) << 4 | hex_digit(value[1]);
	writer->name[n] = '\0';
}

/*
 * audit_log_nfcfg(), kernel/auditsc.c. nf_tables writes such records too, with other operations,
 * and with a name of a table that anybody may choose in a network namespace of his own, even
 * "security:5 op=xt_replace". The kernel's own fields follow the name. Before Linux 5.8 there is no
 * name of a process.
 */
bool audit_events_parse(const char *text, struct rule_writer *writer)
{
	const char *table = field(text, "table"), *op = last_field(text, "op");
	const char *pid = op ? field(op, "pid") : NULL, *name = op ? field(op, "comm") : NULL;

	if (!field_begins(op, "xt_") && !field_begins(op, "replace"))
		return false;
	if (!is_table(table, "security") && !is_table(table, "mangle"))
		return false;
	*writer = (struct rule_writer){ .pid = pid ? strtoul(pid, NULL, 10) : 0 };
	if (name)
		take_name(name, writer);
	return true;
}

int audit_events_read(int fd, struct rule_writer *writer)
{
	char buf[RECORD_MAX + 1];
	bool found = false;
	ssize_t len;

	while ((len = recv(fd, buf, sizeof(buf) - 1, 0)) > 0 || (len < 0 && errno == ENOBUFS)) {
		if (len <= (ssize_t)sizeof(struct nlmsghdr))
			continue;
		buf[len] = '\0';
		found |= audit_events_parse(buf + NLMSG_HDRLEN, writer);
	}
	if (len < 0 && errno != EAGAIN && errno != EINTR)
		return -errno;
	return found;
}

int audit_events_read_lines(int fd, void (*line)(void *arg, const char *text, size_t len),
			    void *arg)
{
	char buf[RECORD_MAX + 1], text[RECORD_MAX + 32];
	struct nlmsghdr header;
	bool lost = false;
	ssize_t len;
	int n;

	while ((len = recv(fd, buf, sizeof(buf) - 1, 0)) > 0 || (len < 0 && errno == ENOBUFS)) {
		lost |= len < 0;
		if (len <= (ssize_t)sizeof(header))
			continue;
		buf[len] = '\0';
		memcpy(&header, buf, sizeof(header));
		n = snprintf(text, sizeof(text), "type=%s msg=%s",
			     header.nlmsg_type == AUDIT_AVC ? "AVC" : "SYSCALL",
			     buf + NLMSG_HDRLEN);
		line(arg, text, n < (int)sizeof(text) ? n : (int)sizeof(text) - 1);
	}
	return len < 0 && errno != EAGAIN && errno != EINTR ? -errno : lost;
}
