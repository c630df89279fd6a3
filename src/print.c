// SPDX-License-Identifier: GPL-2.0-only
#include "print.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/report.h"
#include "base/err.h"
#include "base/utf8.h"
#include "host/conntrack.h"
#include "load/state.h"
#include "util/diag.h"
#include "util/buffer.h"
#include "util/json.h"
#include "util/printable.h"

void print_line(FILE *out, const char *fmt, ...)
{
	char *text, *safe;
	size_t len;
	FILE *line = buffer_open(&text, &len);
	va_list ap;

	va_start(ap, fmt);
	vfprintf(line, fmt, ap);
	va_end(ap);
	buffer_close(line);
	safe = text_printable(text);
	fprintf(out, "%s\n", safe);
	free(safe);
	free(text);
}

void print_lines(const char *text)
{
	char *safe = lines_printable(text);

	fputs(safe, stdout);
	free(safe);
}

void print_diag_since(const struct diag *diag, size_t since)
{
	char *text;
	size_t i;

	for (i = since; i < diag->n; i++) {
		text = diag_format(&diag->v[i]);
		fprintf(stderr, "%s\n", text);
		free(text);
	}
}

void print_diag(const struct diag *diag)
{
	print_diag_since(diag, 0);
}

void print_uncounted(FILE *out, const char *prefix, bool counting, uint64_t uncounted)
{
	if (!counting)
		fprintf(out,
			"%spackets of new connections are not counted (to count them: "
			"sysctl " CONNTRACK_ACCOUNTING "=1)\n",
			prefix);
	else if (uncounted)
		fprintf(out,
			"%spackets are not counted for %" PRIu64
			" connections: they began while " CONNTRACK_ACCOUNTING " was 0\n",
			prefix, uncounted);
}

void print_err(const struct err *err)
{
	char text[ERR_TEXT_MAX];

	fprintf(stderr, "secmarkctl: %s\n", err_text(err, text));
}

void print_err_as_warning(const struct err *err)
{
	char text[ERR_TEXT_MAX];

	fprintf(stderr, "secmarkctl: warning: %s\n", err_text(err, text));
}

void print_refusal(const struct diag *diag, const struct err *err)
{
	print_diag(diag);
	if (*err->what)
		print_err(err);
}

void print_interrupted(void)
{
	struct load_state begun;
	struct err ignored;

	if (!state_read_begun(&begun, &ignored))
		print_line(stderr,
			   "secmarkctl: an earlier run was interrupted while it %s%s%s; this one "
			   "finishes its work",
			   begun.plan_text ? "loaded" : "removed",
			   *begun.plan_name ? " " : " rules", begun.plan_name);
	state_clear(&begun);
}

void print_warnings(const struct backend_report *report)
{
	size_t i;

	for (i = 0; i < report->n_warnings; i++)
		print_line(stderr, "secmarkctl: warning: %s", report->warnings[i]);
}

bool print_flush(void)
{
	if (!fflush(stdout))
		return true;
	fprintf(stderr, "secmarkctl: standard output: %s\n", strerror(errno));
	/* main() must not report it again */
	clearerr(stdout);
	return false;
}

/* Escapes a character of two or three bytes. Returns how many it has. */
static size_t print_json_turn(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t n = utf8_len(text);
	unsigned int c = n == 2 ? (p[0] & 0x1f) << 6 | (p[1] & 0x3f) :
				  (p[0] & 0xf) << 12 | (p[1] & 0x3f) << 6 | (p[2] & 0x3f);

	printf("\\u%04X", c);
	return n;
}

/* Outside of ASCII, jansson escapes all or nothing. A control character can only be in a string. */
static void print_json_text(const char *text)
{
	for (; *text; text++) {
		if (*text == 0x7f)
			fputs("\\u007F", stdout);
		else if (*text != '\n' && utf8_is_control(text))
			printf("\\u00%02X", (unsigned char)*++text);
		else if (utf8_turns_text(text))
			text += print_json_turn(text) - 1;
		else
			putchar(*text);
	}
}

void print_json(json_t *value)
{
	/* with more digits, 0.1 would be 0.10000000000000001 */
	char *text = json_to_text(value, JSON_INDENT(2) | JSON_REAL_PRECISION(12));

	/* main() reports what cannot be written */
	print_json_text(text);
	putchar('\n');
	free(text);
	json_decref(value);
}
