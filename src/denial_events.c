// SPDX-License-Identifier: GPL-2.0-only
#include "denial_events.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "audit/log_files.h"
#include "audit/reader.h"
#include "audit_log.h"
#include "base/err.h"
#include "host/audit_events.h"
#include "host/kernel_log.h"
#include "host/log_tail.h"

/* auditd gets at most so many records later that the kernel's log has: this is the backlog that
 * Debian's audit.rules allow. */
#define REPEATED_MAX 8192

static int wait_for_log(struct denial_events *e, int fd)
{
	struct epoll_event event = { .events = EPOLLIN };

	return epoll_ctl(e->fd, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

/* Opens both: auditd writes one while it runs, and the kernel the other while it does not. One of
 * them will do. */
static int open_logs(struct denial_events *e, struct err *err)
{
	int ret = log_tail_open(AUDIT_LOG, &e->log);

	e->kernel = kernel_log_open(true);
	if (e->kernel < 0 && ret)
		return err_set(err, e->kernel,
			       "no new records can be read: audit: %s; " AUDIT_LOG
			       ": %s; /dev/kmsg: %s",
			       strerror(-e->fd), strerror(-ret), strerror(-e->kernel));
	e->fd = epoll_create1(EPOLL_CLOEXEC);
	ret = e->fd < 0 ? -errno : 0;
	if (!ret && e->kernel >= 0)
		ret = wait_for_log(e, e->kernel);
	if (!ret && e->log)
		ret = wait_for_log(e, log_tail_fd(e->log));
	return ret ? err_set(err, ret, "cannot wait for records: %s", strerror(-ret)) : 0;
}

int denial_events_open(struct denial_events *e, const char *hint, struct err *err)
{
	int ret;

	*e = (struct denial_events){ .fd = audit_events_open_denials(), .kernel = -1 };
	e->audit = e->fd >= 0;
	ret = e->audit ? 0 : open_logs(e, err);
	if (!ret)
		return 0;
	audit_log_hint(err, ret, "needs root", hint);
	denial_events_close(e);
	return ret;
}

const char *denial_events_name(const struct denial_events *e)
{
	return e->audit ? "audit" : e->log ? AUDIT_LOG : "/dev/kmsg";
}

static bool is_ready(int fd)
{
	struct pollfd polled = { fd, POLLIN, 0 };

	return fd >= 0 && poll(&polled, 1, 0) > 0;
}

/* What the kernel's log has, auditd may write later, too. Returns as kernel_log_read(). */
static int read_kernel_news(struct denial_events *e, struct audit_reader *reader)
{
	int ret;

	if (!is_ready(e->kernel))
		return 0;
	if (e->ids.n > REPEATED_MAX)
		record_ids_free(&e->ids);
	audit_reader_beside(reader, READER_NEWS, &e->ids);
	ret = kernel_log_read(e->kernel, audit_log_line, reader);
	audit_reader_beside(reader, READER_REST, &e->ids);
	return ret;
}

int denial_events_read(struct denial_events *e, struct audit_reader *reader, struct err *err)
{
	int ret, logged = 0;

	ret = e->audit ? audit_events_read_lines(e->fd, audit_log_line, reader) :
			 read_kernel_news(e, reader);
	if (ret >= 0 && e->log)
		logged = log_tail_read(e->log, audit_log_line, reader);
	if (ret > 0 || logged > 0)
		audit_reader_lost(reader);
	if (ret < 0 || logged < 0)
		return err_set(err, ret < 0 ? ret : logged,
			       "%s: no further records can be read: %s",
			       logged < 0 ? AUDIT_LOG : denial_events_name(e),
			       strerror(ret < 0 ? -ret : -logged));
	return 0;
}

void denial_events_close(struct denial_events *e)
{
	log_tail_close(e->log);
	record_ids_free(&e->ids);
	if (e->kernel >= 0)
		close(e->kernel);
	if (e->fd >= 0)
		close(e->fd);
	*e = (struct denial_events){ .fd = -1, .kernel = -1 };
}
