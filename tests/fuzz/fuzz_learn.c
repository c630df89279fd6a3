// SPDX-License-Identifier: GPL-2.0-only
/*
 * A libFuzzer target: any text can be read as a log without harm. What is learnt from it is a plan,
 * with no byte that a terminal acts on. Added to a plan, it makes no line unreachable, and then the
 * log has nothing new.
 */
#include <libgen.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/learn.h"
#include "advise/learn_merge.h"
#include "advise/learn_policy.h"
#include "audit/reader.h"
#include "base/err.h"
#include "plan/plan.h"
#include "selinux/oracle.h"
#include "selinux/oracle_file.h"
#include "util/buffer.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char base[] = "unlabeled audit\n"
			   "server ssh_server_packet_t tcp 22 from 198.51.100.0/24\n"
			   "client ntp_client_packet_t udp 123 to 192.0.2.7\n"
			   "client http_client_packet_t tcp 80 to 203.0.113.1 # a comment\n"
			   "default forward server_packet_t";

static struct learn_policy policy;

static void insist_learnt(bool holds, const char *what, const char *text)
{
	if (holds)
		return;
	fprintf(stderr, "%s\n%s\n", what, text);
	abort();
}

/* learn.pol is beside the program. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct oracle *oracle;
	struct err err;
	char program[4096], path[4096 + sizeof("/learn.pol")];

	(void)argc;
	snprintf(program, sizeof(program), "%s", (*argv)[0]);
	snprintf(path, sizeof(path), "%s/learn.pol", dirname(program));
	insist_learnt(!oracle_file_open(path, path, &oracle, &err), err.what, path);
	insist_learnt(!learn_policy_read(oracle, &policy, &err), err.what, path);
	return 0;
}

static void take_denial(void *arg, const struct denial *d)
{
	learn_take_denial(arg, d);
}

static struct learn_evidence read_log(const struct plan *plan, const uint8_t *data, size_t size)
{
	struct learn_evidence e = { .policy = &policy,
				    .plan = plan,
				    .client_ports = PORTS_OF_CLIENTS };
	struct audit_reader *r = audit_reader_new(take_denial, &e);
	const uint8_t *newline;

	audit_reader_file(r, "log");
	for (; size; data = newline + 1) {
		newline = memchr(data, '\n', size);
		if (!newline) {
			audit_reader_line(r, (const char *)data, size);
			break;
		}
		audit_reader_line(r, (const char *)data, newline - data);
		size -= newline + 1 - data;
	}
	audit_reader_flush(r);
	audit_reader_free(r);
	return e;
}

/* A plan that may have no errors, and in which each line can match. */
static void read_learnt(const char *text, size_t len, struct plan *plan)
{
	struct diag diag = { 0 };
	size_t i;

	insist_learnt(!plan_parse("plan", text, len, plan, &diag), "no plan", text);
	for (i = 0; i < diag.n; i++)
		insist_learnt(!strstr(diag.v[i].what, "can never match"), diag.v[i].what, text);
	diag_free(&diag);
}

static void check_bytes(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		insist_learnt(text[i] == '\n' || (text[i] >= ' ' && text[i] < 0x7f),
			      "not a printable byte", text);
}

/* Returns the plan with what it lacks. */
static char *learn_once(const char *before, size_t len, const uint8_t *data, size_t size,
			size_t *merged)
{
	struct learn_evidence e;
	struct learn_lines lines;
	struct plan plan;
	char *text;
	FILE *out = buffer_open(&text, merged);

	read_learnt(before, len, &plan);
	e = read_log(&plan, data, size);
	learn_propose(&e, data[0] % 3, &lines);
	learn_merge(&plan, before, len, &lines, out);
	buffer_close(out);
	check_bytes(text, *merged);
	learn_lines_free(&lines);
	learn_evidence_free(&e);
	plan_free(&plan);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *once, *twice;
	size_t n, m;

	if (!size)
		return 0;
	once = learn_once(base, strlen(base), data, size, &n);
	twice = learn_once(once, n, data, size, &m);
	insist_learnt(n == m && !memcmp(once, twice, n), once, twice);
	free(once);
	free(twice);
	return 0;
}
