// SPDX-License-Identifier: GPL-2.0-only
/* metrics: plan, connections and denials for node_exporter's textfile collector */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/traffic.h"
#include "args.h"
#include "audit/denial.h"
#include "audit/denial_counts.h"
#include "audit/reader.h"
#include "audit_log.h"
#include "base/err.h"
#include "host/running_policy.h"
#include "loaded_plan.h"
#include "print.h"
#include "replace_file.h"
#include "util/buffer.h"
#include "util/hash.h"
#include "util/metrics.h"

/* Longer logs are not read: that would take more than some seconds, each time. */
#define METRICS_LOG_MAX (INT64_C(256) << 20)

enum { OUTPUT };

static const struct cmd_option options[] = {
	[OUTPUT] = { "output", "FILE", "write it to a file, which is replaced at once", 0 },
	{ NULL, NULL, NULL, 0 },
};

struct metrics {
	FILE *out;
	char *unlabeled; /* the policy's context of packets without a label, or NULL */
	bool incomplete;
};

static void leave_out(struct metrics *m, const char *what, const struct err *err)
{
	char text[ERR_TEXT_MAX];

	print_line(stderr, "secmarkctl: %s: %s", what, err_text(err, text));
	m->incomplete = true;
}

/* A metric with one value. */
static void single_value(struct metrics *m, const char *name, const char *help, uint64_t value)
{
	metrics_begin(m->out, name, "gauge", help);
	metrics_value(m->out, name, NULL, value);
}

static void plan_values(struct metrics *m, const struct load_state *record)
{
	char hash[17];
	const struct metric_label labels[] = {
		{ "plan", record->plan_name },
		{ "backend", record->backend },
		{ "hash", hash },
		{ NULL, NULL },
	};

	snprintf(hash, sizeof(hash), "%016" PRIx64, hash_text(record->plan_text));
	metrics_begin(m->out, "secmark2_plan_info", "gauge",
		      "The plan that is loaded; its hash differs if another one is loaded.");
	metrics_value(m->out, "secmark2_plan_info", labels, 1);
	single_value(m, "secmark2_last_apply_timestamp_seconds", "When the plan was loaded.",
		     record->loaded_at);
}

static void add_plan_metrics(struct metrics *m)
{
	struct loaded_plan p;
	bool loaded;

	loaded_plan_read(&p);
	loaded = !p.read && p.record.plan_text;
	if (p.read && p.read != -ENOENT)
		leave_out(m, "the plan is left out", &p.read_err);
	else
		single_value(m, "secmark2_plan_loaded", "1 if a plan is loaded, 0 if not.", loaded);
	if (loaded)
		plan_values(m, &p.record);
	if (p.missing_ret)
		leave_out(m, "secmark2_rules_intact is left out", &p.missing_err);
	else if (loaded || p.missing)
		single_value(m, "secmark2_rules_intact",
			     "1 if all rules of the plan are loaded, 0 if some are missing.",
			     !p.missing);
	loaded_plan_free(&p);
}

static uint64_t connections_of_row(const struct traffic_row *row)
{
	return row->connections;
}

static uint64_t packets_of_row(const struct traffic_row *row)
{
	return row->packets;
}

static uint64_t bytes_of_row(const struct traffic_row *row)
{
	return row->bytes;
}

static void add_row_metrics(struct metrics *m, const struct traffic_rows *rows, const char *name,
			    const char *help, uint64_t (*value)(const struct traffic_row *row))
{
	const struct traffic_row *r;

	metrics_begin(m->out, name, "gauge", help);
	for (r = rows->v; r < rows->v + rows->n; r++) {
		const struct metric_label labels[] = {
			{ "label", traffic_row_label(r) },
			{ "domain", r->domain ? r->domain : "" },
			{ NULL, NULL },
		};

		metrics_value(m->out, name, labels, value(r));
	}
}

static void add_connection_metrics(struct metrics *m)
{
	struct traffic t = { .readings = 0 };
	struct traffic_row total;
	struct err err;

	if (traffic_read(&t, m->unlabeled, &err)) {
		leave_out(m, "the connections are left out", &err);
		return;
	}
	/* the row that an alarm waits for is always there */
	traffic_rows_get(&t.rows, NULL, NULL);
	total = traffic_rows_total(&t.rows);
	add_row_metrics(m, &t.rows, "secmark2_connections",
			"Connections by label and by the domain of their socket here.",
			connections_of_row);
	if (total.counted) {
		add_row_metrics(m, &t.rows, "secmark2_connection_packets",
				"Packets of the present connections that have counters.",
				packets_of_row);
		add_row_metrics(m, &t.rows, "secmark2_connection_bytes",
				"Bytes of the present connections that have counters.",
				bytes_of_row);
	}
	if (*t.unseen.what)
		leave_out(m, "some domains are left out", &t.unseen);
	traffic_free(&t);
}

struct boot_log {
	struct denial_counts counts;
	struct audit_counts faults;
	int64_t since;
};

static void take_metrics_denial(void *arg, const struct denial *d)
{
	struct boot_log *log = arg;

	if (!d->time || d->time >= log->since)
		denial_counts_add(&log->counts, d);
}

static int read_boot_log(struct boot_log *log, struct err *err)
{
	struct audit_reader *reader;
	int ret = audit_log_since("boot", &log->since, err);

	if (!ret && audit_log_size(log->since) > METRICS_LOG_MAX) {
		ret = err_set(err, -EFBIG, "the audit log since this boot has more than %d MiB",
			      (int)(METRICS_LOG_MAX >> 20));
		err_hint(err, "secmarkctl explain --boot reads it");
	}
	if (ret)
		return ret;
	reader = audit_reader_new(take_metrics_denial, log);
	ret = audit_log_machine(reader, log->since, err);
	audit_reader_flush(reader);
	log->faults = *audit_reader_counts(reader);
	audit_reader_free(reader);
	return ret;
}

static void add_denial_values(struct metrics *m, const struct denial_counts *counts)
{
	static const char name[] = "secmark2_denials";
	struct traffic_rows rows = { .v = NULL };
	const struct traffic_row *r;

	traffic_add_denials(&rows, counts, m->unlabeled);
	metrics_begin(
		m->out, name, "gauge",
		"Records of this boot that deny a domain a packet, in all network namespaces.");
	for (r = rows.v; r < rows.v + rows.n; r++) {
		const struct metric_label labels[] = {
			{ "label", traffic_row_label(r) },
			{ "domain", r->domain },
			{ NULL, NULL },
		};

		metrics_value(m->out, name, labels, r->denials);
	}
	traffic_rows_free(&rows);
}

/* What the numbers above do not have */
static void add_fault_values(struct metrics *m, const struct boot_log *log)
{
	static const char others[] = "secmark2_denials_left_out", name[] = "secmark2_log_faults";
	const struct {
		const char *fault;
		uint64_t n;
	} faults[] = {
		{ "lost", log->faults.lost },
		{ "unreadable", log->faults.unreadable },
		{ "forged", log->faults.forged },
		{ "undated", log->faults.undated },
	};
	size_t i;

	metrics_begin(m->out, others, "gauge",
		      "Such records of further labels and domains, which have no series.");
	metrics_value(m->out, others, NULL, log->counts.others);
	metrics_begin(m->out, name, "gauge", "What is wrong with the logs that were read.");
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		const struct metric_label labels[] = { { "fault", faults[i].fault },
						       { NULL, NULL } };

		metrics_value(m->out, name, labels, faults[i].n);
	}
}

/* The logs have the records of all network namespaces: they are told in the first one. */
static void add_denial_metrics(struct metrics *m)
{
	struct boot_log log = { .since = 0 };
	struct err err;
	int ret;

	if (!state_is_first_namespace())
		return;
	ret = read_boot_log(&log, &err);
	if (ret)
		leave_out(m, ret < 0 ? "the denials are left out" : "some denials are left out",
			  &err);
	if (ret >= 0) {
		add_denial_values(m, &log.counts);
		add_fault_values(m, &log);
	}
	denial_counts_free(&log.counts);
}

static int metrics_run(const struct args *args)
{
	const char *path = args->option[OUTPUT];
	struct metrics m = { .unlabeled = running_policy_unlabeled() };
	struct err err;
	char *text;
	size_t len;
	int ret = 0;

	m.out = buffer_open(&text, &len);
	add_plan_metrics(&m);
	add_connection_metrics(&m);
	add_denial_metrics(&m);
	buffer_close(m.out);
	if (path)
		ret = replace_file(path, text, len, &err);
	else
		fwrite(text, 1, len, stdout);
	if (ret)
		print_err(&err);
	free(text);
	free(m.unlabeled);
	return ret || m.incomplete ? FAILED : DONE;
}

const struct cmd cmd_metrics = {
	.name = "metrics",
	.operands = "",
	.help = "print plan, connections and denials for Prometheus",
	.options = options,
	.run = metrics_run,
};
