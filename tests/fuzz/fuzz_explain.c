// SPDX-License-Identifier: GPL-2.0-only
/* A libFuzzer target: any text can be read as a log, and each record that is found is explained. No
 * name in a record can add a line to an explanation. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "advise/explain.h"
#include "advise/explain_groups.h"
#include "audit/denial.h"
#include "audit/reader.h"
#include "plan/plan.h"
#include "util/printable.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct plan fuzz_explain_plan;

static void fuzz_explain_read_plan(void)
{
	static const char text[] =
		"type own_packet_t\nserver own_packet_t tcp 80 from 192.0.2.0/24\n"
		"client ntp_client_packet_t udp 123\nforward own_packet_t any\n"
		"default client client_packet_t\n";
	struct diag diag = { 0 };

	if (plan_parse("plan", text, sizeof(text) - 1, &fuzz_explain_plan, &diag))
		abort();
	diag_free(&diag);
}

static void check_name(const char *name)
{
	for (; name && *name; name++)
		if (*name == '\n')
			abort();
}

static void fuzz_explain_found(void *arg, const struct denial *d)
{
	check_name(d->comm);
	check_name(d->exe);
	if (!d->count || !*d->perms)
		abort();
	explain_groups_add(arg, d);
}

static void explain_groups_all(struct explain_groups *groups)
{
	const struct explain_world w = { .plan = &fuzz_explain_plan,
					 .plan_why = "",
					 .policy_why = "" };
	struct explanation e;
	size_t i, k;

	explain_groups_sort(groups);
	for (i = 0; i < groups->n; i++) {
		explain_group(&w, &groups->v[i], &e);
		if (!*e.what || !e.n)
			abort();
		for (k = 0; k < e.n; k++) {
			free(text_printable(e.notes[k].text));
			if (k && e.notes[k].section < e.notes[k - 1].section)
				abort();
		}
		explanation_free(&e);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data, *end = text + size, *newline;
	struct explain_groups groups = { .by_address = size % 2 };
	struct audit_reader *r = audit_reader_new(fuzz_explain_found, &groups);
	const struct audit_counts *counts = audit_reader_counts(r);

	if (!fuzz_explain_plan.n_lines)
		fuzz_explain_read_plan();
	audit_reader_file(r, "log");
	while (text < end) {
		newline = memchr(text, '\n', end - text);
		if (!newline)
			newline = end;
		audit_reader_line(r, text, newline - text);
		text = newline + 1;
	}
	audit_reader_flush(r);
	if (counts->network + counts->other + counts->unreadable + counts->forged + counts->lost >
	    counts->lines)
		abort();
	explain_groups_all(&groups);
	explain_groups_free(&groups);
	audit_reader_free(r);
	return 0;
}
