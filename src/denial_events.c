// SPDX-License-Identifier: GPL-2.0-only
#include "denial_events.h"

#include <string.h>
#include <unistd.h>

#include "audit_log.h"
#include "base/err.h"
#include "host/audit_events.h"
#include "host/kernel_log.h"

int denial_events_open(struct denial_events *e, const char *hint, struct err *err)
{
	e->fd = audit_events_open_denials();
	e->audit = e->fd >= 0;
	if (!e->audit)
		e->fd = kernel_log_open(true);
	if (e->fd >= 0)
		return 0;
	err_set(err, e->fd, "neither audit nor the kernel's log tells of new records: %s",
		strerror(-e->fd));
	audit_log_hint(err, e->fd, "needs root", hint);
	return e->fd;
}

const char *denial_events_name(const struct denial_events *e)
{
	return e->audit ? "audit" : "/dev/kmsg";
}

int denial_events_read(const struct denial_events *e, struct audit_reader *reader, struct err *err)
{
	int ret = e->audit ? audit_events_read_lines(e->fd, audit_log_line, reader) :
			     kernel_log_read(e->fd, audit_log_line, reader);

	return ret ? err_set(err, ret, "no further records can be read: %s", strerror(-ret)) : 0;
}

void denial_events_close(struct denial_events *e)
{
	if (e->fd >= 0)
		close(e->fd);
	e->fd = -1;
}
