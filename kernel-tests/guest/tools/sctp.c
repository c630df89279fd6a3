// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <sys/socket.h>
/* after what it needs */
#include <linux/sctp.h>

#include "runner/util.h"
#include "tools/calls.h"
#include "tools/sctp.h"

/* On one machine an answer comes at once; this is for a busy host. */
#define ANSWER_MS 500

int sctp_option(int fd, int name, const void *value, socklen_t len)
{
	return setsockopt(fd, IPPROTO_SCTP, name, value, len) < 0 ? errno : 0;
}

struct ends sctp_ready(const char *kind, const char *address, const char *port, enum stage stage)
{
	struct ends e;

	errno = ends_init(&e, kind, address, port);
	if (!errno)
		errno = ends_advance(&e, stage);
	if (errno)
		calls_die(kind);
	return e;
}

int sctp_connect_soon(int fd, const struct ends *to)
{
	long long end = now_ms() + ANSWER_MS;

	fcntl(fd, F_SETFL, O_NONBLOCK);
	while (connect(fd, &to->at.any, to->len) && errno != EISCONN) {
		if ((errno != EINPROGRESS && errno != EALREADY) || now_ms() > end)
			return errno;
		poll(NULL, 0, 1);
	}
	return 0;
}

int sctp_association(int fd)
{
	struct {
		struct sctp_assoc_ids ids;
		sctp_assoc_t id[1];
	} list = { 0 };
	socklen_t len = sizeof(list);

	if (getsockopt(fd, IPPROTO_SCTP, SCTP_GET_ASSOC_ID_LIST, &list, &len))
		calls_die("SCTP_GET_ASSOC_ID_LIST");
	return list.id[0];
}
