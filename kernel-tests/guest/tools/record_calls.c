// SPDX-License-Identifier: GPL-2.0-only
/*
 * records COMMAND ARGUMENT...
 *     runs a command while auditing is on, and prints the records of a changed configuration of
 * labels: "MAC_MAP_ADD netlabel: auid=..."
 *
 * The kernel writes them only then. In the first network namespace only: no other one has audit.
 */
#include <errno.h>
#include <linux/audit.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "net/netlink.h"
#include "runner/util.h"
#include "tools/calls.h"

#define MARKER "secmark2-records"
#define WAIT_MS 3000

static const struct {
	int type;
	const char *name;
} types[] = {
	{ AUDIT_MAC_UNLBL_ALLOW, "MAC_UNLBL_ALLOW" },
	{ AUDIT_MAC_CIPSOV4_ADD, "MAC_CIPSOV4_ADD" },
	{ AUDIT_MAC_CIPSOV4_DEL, "MAC_CIPSOV4_DEL" },
	{ AUDIT_MAC_MAP_ADD, "MAC_MAP_ADD" },
	{ AUDIT_MAC_MAP_DEL, "MAC_MAP_DEL" },
	{ AUDIT_MAC_IPSEC_EVENT, "MAC_IPSEC_EVENT" },
	{ AUDIT_MAC_UNLBL_STCADD, "MAC_UNLBL_STCADD" },
	{ AUDIT_MAC_UNLBL_STCDEL, "MAC_UNLBL_STCDEL" },
	{ AUDIT_MAC_CALIPSO_ADD, "MAC_CALIPSO_ADD" },
	{ AUDIT_MAC_CALIPSO_DEL, "MAC_CALIPSO_DEL" },
};

static int audit_open_log(void)
{
	const struct sockaddr_nl at = { .nl_family = AF_NETLINK,
					.nl_groups = 1u << (AUDIT_NLGRP_READLOG - 1) };
	const struct timeval limit = { .tv_sec = WAIT_MS / 1000 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&at, sizeof(at)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)))
		calls_die("audit");
	return fd;
}

static void audit_switch(int fd, bool on)
{
	const struct audit_status status = { .mask = AUDIT_STATUS_ENABLED, .enabled = on };

	errno = -netlink_send(fd, AUDIT_SET, 0, &status, sizeof(status));
	if (errno)
		calls_die("auditing");
}

static int records_of_command(char **argv)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		execvp(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		calls_die(argv[0]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}

/* Without the time and the number in front: "audit(1700000000.123:45): " */
static void record_print(int type, const char *text)
{
	const char *at = strstr(text, "): ");

	for (size_t i = 0; i < N_ELEMENTS(types); i++)
		if (types[i].type == type)
			printf("%s %s\n", types[i].name, at ? at + 3 : text);
}

/* The kernel puts records and messages of users into one queue: all before the marker are read. */
static void records_print(int fd)
{
	char buf[9000];
	struct nlmsghdr *nlh = (struct nlmsghdr *)buf;
	ssize_t n;

	errno = -netlink_send(fd, AUDIT_USER_AVC, 0, MARKER, sizeof(MARKER));
	if (errno)
		calls_die("audit");
	do {
		n = recv(fd, buf, sizeof(buf) - 1, 0);
		if (n < (ssize_t)NLMSG_HDRLEN)
			calls_die("records");
		buf[n] = '\0';
		record_print(nlh->nlmsg_type, NLMSG_DATA(nlh));
	} while (nlh->nlmsg_type != AUDIT_USER_AVC || !strstr(NLMSG_DATA(nlh), MARKER));
}

static int records_run(int argc, char **argv)
{
	int fd = audit_open_log(), status;

	(void)argc;
	audit_switch(fd, true);
	status = records_of_command(argv);
	audit_switch(fd, false);
	records_print(fd);
	return status;
}

const struct calls_word record_words[] = {
	{ "records", "COMMAND ARGUMENT...", 1, records_run },
	{ NULL, NULL, 0, NULL },
};
