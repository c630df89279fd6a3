// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records arrive by multicast (AUDIT_NLGRP_READLOG), which needs no audit daemon and works with auditing switched off.
 * The kernel puts them in one queue with user messages, so a user message read back marks a point in that queue.
 */
#include <errno.h>
#include <linux/audit.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/audit.h"
#include "net/netlink.h"

#define MARKER "secmark2-marker="
#define SYNC_MS 3000
/* No TCP or SCTP of Linux repeats itself faster than this (TCP_RTO_MIN is 200 ms). */
#define RETRANSMIT_MS 180

int audit_open(struct audit *a)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = 1u << (AUDIT_NLGRP_READLOG - 1) };
	int size = 4 << 20;

	*a = (struct audit){ .fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_AUDIT) };
	if (a->fd < 0)
		return -errno;
	setsockopt(a->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	return bind(a->fd, (struct sockaddr *)&addr, sizeof(addr)) ? -errno : 0;
}

static void field_print(FILE *f, const char *line, const char *key)
{
	char pattern[32];
	const char *p;
	size_t n;

	snprintf(pattern, sizeof(pattern), " %s=", key);
	p = strstr(line, pattern);
	if (!p)
		return;
	p += strlen(pattern);
	n = strcspn(p, " ");
	fprintf(f, " %s=%.*s", key, (int)n, p);
}

char *record_normalise(const char *line, long long *ms)
{
	static const char *const fields[] = { "scontext", "tcontext", "tclass", "saddr", "src", "daddr", "dest" };
	const char *perms = strchr(line, '{'), *end;
	bool granted = strstr(line, "granted") != NULL;
	long long sec = 0;
	char *text = NULL;
	int milli = 0;
	size_t size;
	FILE *f;

	if (!strstr(line, "avc:") || !(granted || strstr(line, "denied")) || !perms || !(end = strchr(perms, '}')))
		return NULL;
	sscanf(line, "audit(%lld.%d", &sec, &milli);
	*ms = sec * 1000 + milli;
	f = open_memstream(&text, &size);
	/* an auditallow rule of the policy counts questions that are answered */
	fprintf(f, "{%s%.*s", granted ? " granted:" : " ", (int)(end - perms) - 1, perms + 2);
	for (size_t i = 0; i < N_ELEMENTS(fields); i++)
		field_print(f, line, fields[i]);
	if (strstr(line, "permissive=1"))
		fputs(" permissive=1", f);
	fclose(f);
	return text;
}

static bool is_retransmit(const struct audit *a, const char *text, long long ms)
{
	if (!strstr(text, " dest="))
		return false;
	if (strs_has(&a->known, text))
		return true;
	for (size_t i = 0; i < a->n; i++)
		if (!strcmp(a->v[i].text, text) && ms - a->v[i].ms >= RETRANSMIT_MS)
			return true;
	return false;
}

static void record_add(struct audit *a, char *text, long long ms)
{
	if (is_retransmit(a, text, ms)) {
		free(text);
		return;
	}
	a->v = realloc(a->v, (a->n + 1) * sizeof(*a->v));
	if (!a->v)
		abort();
	a->v[a->n++] = (struct record){ .text = text, .ms = ms };
}

/* Reads one message. Returns its type, 0 when there is none. Records are added; text gets the payload. */
static int audit_read(struct audit *a, char *text, size_t size)
{
	char buf[16384];
	struct nlmsghdr *nlh = (struct nlmsghdr *)buf;
	ssize_t n = recv(a->fd, buf, sizeof(buf) - 1, 0);
	long long ms;
	char *rec;

	if (n < (ssize_t)NLMSG_HDRLEN)
		return 0;
	/* nlmsg_len of audit messages counts differently from kernel to kernel; the datagram's length is right. */
	buf[n] = '\0';
	snprintf(text, size, "%.*s", (int)size - 1, (char *)NLMSG_DATA(nlh));
	if (nlh->nlmsg_type == AUDIT_AVC && (rec = record_normalise(text, &ms)))
		record_add(a, rec, ms);
	if (nlh->nlmsg_type == AUDIT_SELINUX_ERR)
		record_add(a, must_printf("%s", text), 0);
	return nlh->nlmsg_type;
}

void audit_collect(struct audit *a)
{
	char text[9000];

	while (audit_read(a, text, sizeof(text)))
		;
}

int audit_sync(struct audit *a)
{
	struct pollfd pfd = { .fd = a->fd, .events = POLLIN };
	long long end = now_ms() + SYNC_MS;
	char marker[64], text[9000];
	int type, err;

	snprintf(marker, sizeof(marker), MARKER "%u;", ++a->marker);
	/* AUDIT_USER_AVC is the one user message that passes while auditing is off. */
	err = netlink_send(a->fd, AUDIT_USER_AVC, 0, marker, strlen(marker) + 1);
	if (err)
		return err;
	while (now_ms() < end) {
		type = audit_read(a, text, sizeof(text));
		if (type == AUDIT_USER_AVC && strstr(text, marker))
			return 0;
		if (!type)
			poll(&pfd, 1, end - now_ms());
	}
	return -ETIMEDOUT;
}

void audit_reset(struct audit *a)
{
	for (size_t i = 0; i < a->n; i++) {
		if (strstr(a->v[i].text, " dest=") && !strs_has(&a->known, a->v[i].text))
			strs_add(&a->known, a->v[i].text);
		else
			free(a->v[i].text);
	}
	free(a->v);
	a->v = NULL;
	a->n = 0;
}
