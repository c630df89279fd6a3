// SPDX-License-Identifier: GPL-2.0-only
#include "util/metrics.h"

#include <inttypes.h>
#include <stdlib.h>

#include "util/printable.h"

static void escape_metric_value(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\\' || *text == '"')
			putc('\\', out);
		putc(*text, out);
	}
}

void metrics_begin(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void metrics_value(FILE *out, const char *name, const struct metric_label *labels, uint64_t value)
{
	const struct metric_label *l;
	char *safe;

	fputs(name, out);
	for (l = labels; l && l->value; l++) {
		/* no newline is left after that */
		safe = text_printable(l->value);
		fprintf(out, "%c%s=\"", l == labels ? '{' : ',', l->name);
		escape_metric_value(out, safe);
		putc('"', out);
		free(safe);
	}
	fprintf(out, "%s %" PRIu64 "\n", l && l != labels ? "}" : "", value);
}
