// SPDX-License-Identifier: GPL-2.0-only
#include "advise/learn_print.h"

#include <string.h>
#include <time.h>

#include "advise/learn.h"
#include "packet/net.h"
#include "packet/proto.h"
#include "plan/plan.h"

/* So many domains are named in a comment. */
#define LEARN_NAMED_MAX 8

static void learn_print_count(const char *before, size_t n, const char *what, FILE *out)
{
	fprintf(out, "%s%zu %s%s", before, n, what, n == 1 ? "" : "s");
}

/* What comes before the next part of a comment */
static const char *learn_before(bool *any)
{
	const char *before = *any ? ", " : "";

	*any = true;
	return before;
}

static void learn_print_speakers(const struct learn_line *line, bool *any, FILE *out)
{
	const struct learn_speaker *s = line->speakers;
	size_t i;

	for (i = 0; i < line->n_speakers && i < LEARN_NAMED_MAX; i++) {
		fprintf(out, "%s%s", learn_before(any),
			s[i].domain ? s[i].domain : "unknown domain");
		if (line->n_speakers > 1 && s[i].packets + s[i].connections)
			fprintf(out, " %zu", s[i].packets + s[i].connections);
	}
	if (i < line->n_speakers)
		fprintf(out, " and %zu more", line->n_speakers - i);
}

/* "2026-12-31 20:00:00 UTC" */
static void learn_print_time(int64_t ms, bool *any, FILE *out)
{
	time_t seconds = ms / 1000;
	struct tm tm;
	char when[32];

	if (ms > 0 && gmtime_r(&seconds, &tm) &&
	    strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S UTC", &tm))
		fprintf(out, "%slast %s", learn_before(any), when);
}

void learn_print_reason(const struct learn_line *line, FILE *out)
{
	bool any = false;

	fputs("# ", out);
	if (line->why)
		fprintf(out, "%s%s", learn_before(&any), line->why);
	if (line->listens)
		fprintf(out, "%slistening", learn_before(&any));
	if (line->connections)
		learn_print_count(learn_before(&any), line->connections, "connection", out);
	if (line->packets)
		learn_print_count(learn_before(&any), line->packets, "packet", out);
	if (line->denied)
		fprintf(out, " (%zu denied)", line->denied);
	learn_print_speakers(line, &any, out);
	learn_print_time(line->last, &any, out);
	if (line->guessed)
		fputs("; the records do not name the protocol", out);
	if (line->peers_change)
		fputs("; other addresses than those of the plan", out);
	if (line->held)
		fprintf(out, ": %s", line->held);
	fputc('\n', out);
}

static void learn_print_ports(const struct ports *ports, FILE *out)
{
	size_t i;

	for (i = 0; i < ports->n; i++) {
		fprintf(out, "%s%u", i ? "," : " ", ports->v[i].lo);
		if (ports->v[i].hi > ports->v[i].lo)
			fprintf(out, "-%u", ports->v[i].hi);
	}
}

/* A held line has its type as a comment, too. */
static void learn_print_type(const struct learn_line *line, FILE *out)
{
	if (line->defines)
		fprintf(out, "%stype %s\n", line->held ? "# " : "", line->label);
}

void learn_print_statement(const struct learn_line *line, FILE *out)
{
	char address[NET_STRLEN];
	const char *before = " allow ";
	size_t i;

	fprintf(out, "%s%s %s %s%s", line->held ? "# " : "", plan_side_name(line->side),
		line->label, proto_name(line->proto), line->other_udp ? ",udp" : "");
	learn_print_ports(&line->ports, out);
	for (i = 0; i < line->n_peers; i++) {
		if (!i)
			fputs(line->side == SIDE_SERVER ? " from " : " to ", out);
		fprintf(out, "%s%s", i ? "," : "", net_format(&line->peers[i], address));
	}
	for (i = 0; i < line->n_speakers; i++) {
		if (!line->speakers[i].allow)
			continue;
		fprintf(out, "%s%s", before, line->speakers[i].domain);
		before = " ";
	}
	fputc('\n', out);
}

void learn_print_line(const struct learn_line *line, FILE *out)
{
	learn_print_type(line, out);
	learn_print_statement(line, out);
}
