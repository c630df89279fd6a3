// SPDX-License-Identifier: GPL-2.0-only
#include "denial_events.h"

#include <errno.h>
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

/* Waits for both: auditd writes one while it runs, and the kernel the other while it does not. */
static int wait_for_logs(struct denial_events *e)
{
	struct epoll_event event = { .events = EPOLLIN };
	int ret = 0;

	e->fd = epoll_create1(EPOLL_CLOEXEC);
	if (e->fd < 0 || epoll_ctl(e->fd, EPOLL_CTL_ADD, e->kernel, &event) ||
	    (e->log && epoll_ctl(e->fd, EPOLL_CTL_ADD, log_tail_fd(e->log), &event)))
		ret = -errno;
	return ret;
}

static int open_logs(struct denial_events *e)
{
	int ret;

	e->kernel = kernel_log_open(true);
	if (e->kernel < 0)
		return e->kernel;
	ret = log_tail_open(AUDIT_LOG, &e->log);
	return ret && ret != -ENOENT ? ret : wait_for_logs(e);
}

int denial_events_open(struct denial_events *e, const char *hint, struct err *err)
{
	int ret;

	*e = (struct denial_events){ .fd = audit_events_open_denials(), .kernel = -1 };
	e->audit = e->fd >= 0;
	ret = e->audit ? 0 : open_logs(e);
	if (!ret)
		return 0;
	err_set(err, ret, "neither audit nor a log tells of new records: %s", strerror(-ret));
	audit_log_hint(err, ret, "needs root", hint);
	denial_events_close(e);
	return ret;
}

const char *denial_events_name(const struct denial_events *e)
{
	return e->audit ? "audit" : e->log ? AUDIT_LOG : "/dev/kmsg";
}

int denial_events_read(const struct denial_events *e, struct audit_reader *reader, struct err *err)
{
	int ret;

	ret = e->audit ? audit_events_read_lines(e->fd, audit_log_line, reader) :
			 kernel_log_read(e->kernel, audit_log_line, reader);
	if (ret > 0)
		audit_reader_lost(reader);
	if (ret >= 0 && !e->audit && e->log)
		ret = log_tail_read(e->log, audit_log_line, reader);
	return ret < 0 ? err_set(err, ret, "no further records can be read: %s", strerror(-ret)) :
			 0;
}

void denial_events_close(struct denial_events *e)
{
	log_tail_close(e->log);
	if (e->kernel >= 0)
		close(e->kernel);
	if (e->fd >= 0)
		close(e->fd);
	*e = (struct denial_events){ .fd = -1, .kernel = -1 };
}
