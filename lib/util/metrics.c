// SPDX-License-Identifier: GPL-2.0-only
#include "util/metrics.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "util/buffer.h"
#include "util/printable.h"

/* Writes a text with a backslash in front of each of these characters. */
static void escape_characters(FILE *out, const char *text, const char *which)
{
	for (; *text; text++) {
		if (strchr(which, *text))
			putc('\\', out);
		putc(*text, out);
	}
}

/* Two values may not become the same one: a series that is there twice makes a whole file invalid.
 * So a backslash is escaped like what a terminal would act on, and then, for the format, again. */
static void write_metric_value(FILE *out, const char *value)
{
	char *text, *safe;
	size_t len;
	FILE *escaped = buffer_open(&text, &len);

	escape_characters(escaped, value, "\\");
	buffer_close(escaped);
	/* no newline is left after that */
	safe = text_printable(text);
	escape_characters(out, safe, "\\\"");
	free(safe);
	free(text);
}

void metrics_begin(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void metrics_value(FILE *out, const char *name, const struct metric_label *labels, uint64_t value)
{
	const struct metric_label *l;

	fputs(name, out);
	for (l = labels; l && l->value; l++) {
		fprintf(out, "%c%s=\"", l == labels ? '{' : ',', l->name);
		write_metric_value(out, l->value);
		putc('"', out);
	}
	fprintf(out, "%s %" PRIu64 "\n", l && l != labels ? "}" : "", value);
}
