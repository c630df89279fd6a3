// SPDX-License-Identifier: GPL-2.0-only
/* plan_golden FILE: reads a plan, and prints its errors. If there are none, prints the plan. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"
#include "support/plan_dump.h"

int main(int argc, char **argv)
{
	struct diag diag = { 0 };
	struct plan plan;
	char *text;
	size_t i;
	int ret;

	if (argc != 2)
		return 2;
	ret = plan_read(argv[1], &plan, &diag);
	for (i = 0; i < diag.n; i++) {
		text = diag_format(&diag.v[i]);
		puts(text);
		free(text);
	}
	if (ret)
		printf("plan_read() returns: %s\n", strerror(-ret));
	else
		plan_dump(&plan, stdout);
	plan_free(&plan);
	diag_free(&diag);
	return 0;
}
