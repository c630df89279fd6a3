// SPDX-License-Identifier: GPL-2.0-only
#include "backend/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

void backend_warn(struct backend_report *report, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	report->warnings = alloc_one_more(report->warnings, report->n_warnings,
					  sizeof(*report->warnings));
	report->warnings[report->n_warnings++] = alloc_text(text, strlen(text));
}

void backend_warn_all(struct backend_report *report, const struct backend_report *other)
{
	size_t i;

	for (i = 0; i < other->n_warnings; i++)
		backend_warn(report, "%s", other->warnings[i]);
}

void backend_report_free(struct backend_report *report)
{
	while (report->n_warnings)
		free(report->warnings[--report->n_warnings]);
	free(report->warnings);
	*report = (struct backend_report){ 0 };
}
