// SPDX-License-Identifier: GPL-2.0-only
#include "audit_log.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "audit/log_files.h"
#include "audit/reader.h"
#include "audit/record_ids.h"
#include "audit/since.h"
#include "base/err.h"
#include "base/file.h"
#include "host/kernel_log.h"
#include "host/running_policy.h"

#define GROUP "needs root, or a group that may read it"

void audit_log_hint(struct err *err, int error, const char *user, const char *root)
{
	const char *hint = geteuid() ? user : root;

	/* with the boolean, the domain may do this; then something else is missing */
	if ((error == -EACCES || error == -EPERM) && running_policy_domain_is("secmarkctl_t") &&
	    !running_policy_allows_self("capability2", "audit_read"))
		hint = "setsebool secmarkctl_read_audit on";
	if (hint)
		err_hint(err, "%s", hint);
}

/* Does the boolean let the domain read it? Files of users have another one. */
static bool is_audit_log(const char *path)
{
	return !strncmp(path, AUDIT_LOG, strlen(AUDIT_LOG));
}

void audit_log_line(void *reader, const char *text, size_t len)
{
	audit_reader_line(reader, text, len);
}

int audit_log_file(struct audit_reader *reader, const char *path, struct err *err)
{
	bool standard = !strcmp(path, "-");
	FILE *in = stdin;
	int ret = standard ? 0 : file_open_long(path, &in);

	if (ret) {
		err_set(err, ret, "%s: %s", path, file_error(ret));
		if (ret == -EACCES && is_audit_log(path))
			audit_log_hint(err, ret, GROUP, NULL);
		else if (ret == -EACCES && geteuid())
			err_hint(err, GROUP);
		return ret;
	}
	audit_reader_file(reader, standard ? "<stdin>" : path);
	ret = audit_reader_fd(reader, fileno(in), err);
	if (!standard)
		fclose(in);
	return ret;
}

/* Reads all of the kernel's log. Returns 0 or -errno. */
static int read_kernel_log(struct audit_reader *reader)
{
	int fd = kernel_log_open(false), ret = fd < 0 ? fd : 0;

	audit_reader_file(reader, "/dev/kmsg");
	if (!ret)
		ret = kernel_log_read(fd, audit_log_line, reader);
	if (fd >= 0)
		close(fd);
	if (ret > 0)
		audit_reader_lost(reader);
	return ret < 0 ? ret : 0;
}

/* There is no log of auditd, so the kernel's log has the records. */
static int audit_log_kernel(struct audit_reader *reader, struct err *err)
{
	int ret = read_kernel_log(reader);

	if (!ret)
		return 0;
	err_set(err, ret, "there is no " AUDIT_LOG ", and the kernel's log cannot be read: %s",
		strerror(-ret));
	audit_log_hint(err, ret, "needs root", "name a file, or pipe in what journalctl prints");
	return ret;
}

static void take_record_id(void *ids, const struct denial *d)
{
	record_ids_add(ids, d);
}

/* The events of the kernel's log: those from before auditd began, or after it ended. With audit=1
 * in the kernel's command line, auditd gets the first ones later, and writes them, too. */
static void list_kernel_records(struct record_ids *ids)
{
	struct audit_reader *reader = audit_reader_new(take_record_id, ids);

	read_kernel_log(reader);
	audit_reader_flush(reader);
	audit_reader_free(reader);
}

/* Meanwhile auditd may rename them, and delete the oldest ones. */
static int audit_log_all(struct audit_reader *reader, struct log_files *files, struct err *err)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < files->n && !ret; i++)
		if (log_files_follow(files, i))
			ret = audit_log_file(reader, files->v[i].name, err);
	return ret;
}

/* What the kernel's log has beside that of auditd. */
static int read_kernel_rest(struct audit_reader *reader, struct err *err)
{
	int ret = read_kernel_log(reader);

	if (!ret)
		return 0;
	err_set(err, ret, "records that auditd did not write are missing: /dev/kmsg: %s",
		strerror(-ret));
	audit_log_hint(err, ret, "needs root", NULL);
	return ret;
}

int audit_log_machine(struct audit_reader *reader, int64_t since, struct err *err)
{
	struct record_ids ids = { .v = NULL };
	struct log_files files;
	int ret = log_files_find(AUDIT_LOG, since / 1000, &files);

	if (ret == -ENOENT)
		return audit_log_kernel(reader, err);
	if (ret) {
		err_set(err, ret, AUDIT_LOG ": %s", strerror(-ret));
		audit_log_hint(err, ret, GROUP, NULL);
	} else {
		list_kernel_records(&ids);
		audit_reader_beside(reader, READER_FIRST, &ids);
		ret = audit_log_all(reader, &files, err);
		audit_reader_beside(reader, READER_REST, &ids);
		/* also if it has no record: it can say that some are missing */
		if (!ret && read_kernel_rest(reader, err))
			ret = 1;
		audit_reader_beside(reader, READER_ALONE, NULL);
	}
	record_ids_free(&ids);
	log_files_free(&files);
	return ret;
}

int64_t audit_log_size(int64_t since)
{
	struct log_files files;
	int64_t size = 0;
	struct stat st;
	size_t i;

	if (log_files_find(AUDIT_LOG, since / 1000, &files))
		return 0;
	for (i = 0; i < files.n; i++)
		if (!stat(files.v[i].name, &st))
			size += st.st_size;
	log_files_free(&files);
	return size;
}

int audit_log_since(const char *text, int64_t *ms, struct err *err)
{
	struct timespec up = { 0, 0 };

	clock_gettime(CLOCK_BOOTTIME, &up);
	/* a part of a second counts: no record of this boot is older */
	return audit_since(text, time(NULL), up.tv_sec + (up.tv_nsec > 0), ms, err);
}
