// SPDX-License-Identifier: GPL-2.0-only
#include "learn_source.h"

#include "advise/learn_evidence.h"
#include "audit/denial.h"
#include "audit/reader.h"
#include "audit_log.h"

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
	ret = audit_log_file(log.reader, path, err);
	learn_end(&log, counts);
	return ret;
}

int learn_from_audit(struct learn_evidence *e, int64_t since, struct audit_counts *counts,
		     struct err *err)
{
	struct learn_log log = { .e = e, .since = since };
	int ret;

	log.reader = audit_reader_new(learn_found, &log);
	ret = audit_log_machine(log.reader, since, err);
	learn_end(&log, counts);
	return ret;
}
