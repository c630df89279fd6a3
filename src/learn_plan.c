// SPDX-License-Identifier: GPL-2.0-only
#include "learn_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/learn_merge.h"
#include "base/err.h"
#include "base/file.h"
#include "plan/flow_index.h"
#include "print.h"
#include "util/buffer.h"

int learn_plan_read(struct learn_plan *p, const char *path)
{
	struct diag diag = { 0 };
	struct err err;
	int ret;

	p->name = strcmp(path, "-") ? path : "<stdin>";
	ret = file_read_given(path, p->name, &p->text, &p->len, &p->st, &err);
	if (ret) {
		print_err(&err);
		return ret;
	}
	ret = plan_read_text(p->name, p->text, p->len, &p->st, &p->plan, &diag);
	diag_sort(&diag);
	print_diag(&diag);
	diag_free(&diag);
	if (!ret)
		p->plan.flow_index = flow_index_new(&p->plan);
	return ret;
}

/* Judges what was made. The text is the plan's own, apart from lines that have only names of the
 * policy. */
static int learn_plan_judge(const struct learn_plan *p, const char *text, size_t len)
{
	struct diag diag = { 0 };
	struct plan plan;
	int ret = plan_read_text(p->name, text, len, &p->st, &plan, &diag);

	if (ret)
		print_diag(&diag);
	diag_free(&diag);
	plan_free(&plan);
	return ret;
}

int learn_plan_print(const struct learn_plan *p, const struct learn_lines *lines)
{
	char *text;
	size_t len;
	FILE *out = buffer_open(&text, &len);
	int ret;

	learn_merge(&p->plan, p->text, p->len, lines, out);
	buffer_close(out);
	ret = learn_plan_judge(p, text, len);
	if (!ret)
		fwrite(text, 1, len, stdout);
	free(text);
	return ret;
}

void learn_plan_free(struct learn_plan *p)
{
	flow_index_free(p->plan.flow_index);
	plan_free(&p->plan);
	free(p->text);
	*p = (struct learn_plan){ 0 };
}
