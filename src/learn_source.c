// SPDX-License-Identifier: GPL-2.0-only
#include "learn_source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "advise/learn_evidence.h"
#include "audit/denial.h"
#include "audit/log_files.h"
#include "audit/reader.h"
#include "base/err.h"
#include "base/file.h"
#include "host/kernel_log.h"

struct learn_log {
	struct learn_evidence *e;
	struct audit_reader *reader;
	int64_t since;
};

static void learn_found(void *arg, const struct denial *d)
{
	struct learn_log *log = arg;

	if (!d->time || d->time >= log->since)
		learn_take_denial(log->e, d);
}

static void learn_line_found(void *arg, const char *text, size_t len)
{
	struct learn_log *log = arg;

	audit_reader_line(log->reader, text, len);
}

/* A log may be larger than file_open() has it: it is not kept. */
static int learn_open(const char *path, int *fd)
{
	struct stat st;

	if (stat(path, &st))
		return -errno;
	if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode))
		return S_ISDIR(st.st_mode) ? -EISDIR : -EMEDIUMTYPE;
	*fd = open(path, O_RDONLY | O_CLOEXEC);
	return *fd < 0 ? -errno : 0;
}

static int learn_read_file(struct learn_log *log, const char *path, struct err *err)
{
	bool standard = !strcmp(path, "-");
	int fd = STDIN_FILENO, ret = standard ? 0 : learn_open(path, &fd);

	if (ret) {
		err_set(err, ret, "%s: %s", path, file_error(ret));
		if (ret == -EACCES && geteuid())
			err_hint(err, "needs root, or a group that may read it");
		return ret;
	}
	audit_reader_file(log->reader, standard ? "<stdin>" : path);
	ret = audit_reader_fd(log->reader, fd, err);
	if (!standard)
		close(fd);
	return ret;
}

static int learn_read_kernel(struct learn_log *log, struct err *err)
{
	int fd = kernel_log_open(false), ret = fd < 0 ? fd : 0;

	audit_reader_file(log->reader, "/dev/kmsg");
	if (!ret)
		ret = kernel_log_read(fd, learn_line_found, log);
	if (fd >= 0)
		close(fd);
	if (!ret)
		return 0;
	err_set(err, ret, "there is no " AUDIT_LOG ", and the kernel's log cannot be read: %s",
		strerror(-ret));
	err_hint(err, geteuid() ? "needs root" : "name a file, or pipe in what journalctl prints");
	return ret;
}

static int learn_read_logs(struct learn_log *log, struct err *err)
{
	struct log_files files;
	int ret = log_files_find(AUDIT_LOG, log->since / 1000, &files);
	size_t i;

	if (ret == -ENOENT)
		return learn_read_kernel(log, err);
	if (ret) {
		err_set(err, ret, AUDIT_LOG ": %s", strerror(-ret));
		if (geteuid())
			err_hint(err, "needs root, or a group that may read it");
	}
	for (i = 0; i < files.n && !ret; i++) {
		ret = learn_read_file(log, files.v[i], err);
		/* auditd renames them */
		if (ret == -ENOENT && i + 1 < files.n)
			ret = 0;
	}
	log_files_free(&files);
	return ret;
}

static void learn_end(struct learn_log *log, struct audit_counts *counts)
{
	audit_reader_flush(log->reader);
	*counts = *audit_reader_counts(log->reader);
	audit_reader_free(log->reader);
}

int learn_from_file(struct learn_evidence *e, const char *path, int64_t since,
		    struct audit_counts *counts, struct err *err)
{
	struct learn_log log = { .e = e, .since = since };
	int ret;

	log.reader = audit_reader_new(learn_found, &log);
	ret = learn_read_file(&log, path, err);
	learn_end(&log, counts);
	return ret;
}

int learn_from_audit(struct learn_evidence *e, int64_t since, struct audit_counts *counts,
		     struct err *err)
{
	struct learn_log log = { .e = e, .since = since };
	int ret;

	log.reader = audit_reader_new(learn_found, &log);
	ret = learn_read_logs(&log, err);
	learn_end(&log, counts);
	return ret;
}
