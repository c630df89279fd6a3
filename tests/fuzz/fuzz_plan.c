// SPDX-License-Identifier: GPL-2.0-only
/*
 * A libFuzzer target: any text can be read as a plan without harm, and its messages can be printed.
 * A plan without errors is the same after it is printed and read again. No flow matches a line that
 * is reported as never matching.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "packet/flow.h"
#include "plan/lookup.h"
#include "plan/plan.h"
#include "support/plan_dump.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist_that(bool holds, const char *what, const char *text)
{
	if (holds)
		return;
	fprintf(stderr, "%s\n%s\n", what, text);
	abort();
}

static void check_diag(const struct diag *diag)
{
	const char *p;
	size_t i, n, errors = 0;
	char *text;

	for (i = 0; i < diag->n; i++) {
		text = diag_format(&diag->v[i]);
		for (p = text; *p; p += n) {
			n = utf8_len(p);
			insist_that(n, "a message that is no UTF-8", text);
			insist_that((unsigned char)*p >= 0x20 && *p != 0x7f &&
					    !(n == 2 && p[0] == '\xc2' && p[1] < '\xa0'),
				    "a control character in a message", text);
		}
		insist_that(diag->v[i].pos.line && diag->v[i].pos.col, "no position", text);
		insist_that(!i || diag->v[i - 1].pos.line <= diag->v[i].pos.line, "out of order",
			    text);
		errors += diag->v[i].severity == DIAG_ERROR;
		free(text);
	}
	insist_that(errors == diag->errors, "the number of errors is wrong", "");
}

/* The line, counted from 1, that labels one of the flows of the seeds. 0: none */
static size_t labeling_line(const struct plan *plan, unsigned int i)
{
	static const uint8_t protos[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP, IPPROTO_ICMPV6 };
	static const struct net ends[] = {
		{ AF_INET, 32, { 10, 0, 0, 1 } },
		{ AF_INET, 32, { 192, 0, 2, 1 } },
		{ AF_INET6, 128, { 0xfd } },
		{ AF_INET6, 128, { 0x20, 0x01, 0x0d, 0xb8 } },
	};
	static const uint16_t ports[] = { 0, 80, 443, 65535 };
	struct flow flow = {
		.dir = i % 3,
		.stray = i / 3 % 2,
		.proto = protos[i / 6 % 4],
		.sport = ports[i / 24 % 4],
		.dport = ports[i / 96 % 4],
		.src = ends[i / 384 % 4],
	};
	const struct plan_line *line;

	/* the other one of the family */
	flow.dst = ends[i / 384 % 4 ^ 1];
	if (flow.dir != FLOW_OUT)
		strcpy(flow.in, i & 1 ? "eth0" : "lo");
	if (flow.dir != FLOW_IN)
		strcpy(flow.out, i & 2 ? "eth0" : "lo");
	line = lookup(plan, &flow);
	return line ? line - plan->lines + 1 : 0;
}

#define FLOWS (384 * 4)
/* Each plan looks up only some of these. The step is a prime, so they are not always the same. */
#define STEP 31

static void check_warnings(const struct plan *plan, const struct diag *diag, size_t line)
{
	size_t i;

	for (i = 0; i < diag->n; i++)
		if (diag->v[i].pos.line == plan->lines[line - 1].pos.line)
			insist_that(strcmp(diag->v[i].what, "this line can never match"),
				    "a line that can never match does", plan->lines[line - 1].text);
}

static char *dumped_plan(const struct plan *plan)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	plan_dump(plan, out);
	fclose(out);
	return text;
}

static void check_again(const struct plan *plan, const struct diag *diag)
{
	char *text = dumped_plan(plan), *again_text;
	struct diag again_diag = { 0 };
	struct plan again;
	size_t line;
	unsigned int i;

	insist_that(plan_parse("dump", text, strlen(text), &again, &again_diag) == 0,
		    "refused when printed", text);
	again_text = dumped_plan(&again);
	insist_that(!strcmp(text, again_text), text, again_text);
	for (i = strlen(text) % STEP; i < FLOWS; i += STEP) {
		line = labeling_line(plan, i);
		insist_that(line == labeling_line(&again, i), "labeled differently", text);
		if (line)
			check_warnings(plan, diag, line);
	}
	free(text);
	free(again_text);
	plan_free(&again);
	diag_free(&again_diag);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag diag = { 0 };
	struct plan plan;
	int ret;

	ret = plan_parse("fuzz", (const char *)data, size, &plan, &diag);
	insist_that(!ret == !diag.errors, "errors, but no failure", "");
	check_diag(&diag);
	if (!ret)
		check_again(&plan, &diag);
	plan_free(&plan);
	diag_free(&diag);
	return 0;
}
