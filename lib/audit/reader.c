// SPDX-License-Identifier: GPL-2.0-only
#include "audit/reader.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/denial.h"
#include "audit/form.h"
#include "audit/paste.h"
#include "audit/record_ids.h"
#include "base/err.h"
#include "util/alloc.h"
#include "util/hash.h"
#include "util/texts.h"

/* No event has so many records of the network, but a forged log may. */
#define EVENT_MAX 64

/* Records of several processors are interleaved: so many events may be open at once. */
#define READER_EVENTS 32

/* The fields of a SYSCALL record that are read stand within this length. */
#define SYSCALL_MAX 1024

/* A record was hardly broken into more lines. */
#define PASTE_LINES 12

/* journald writes each record twice, in two forms, a few lines apart. */
#define READER_TWINS 16

/* The blanks in front of a field, in journalctl -o verbose. */
#define FIELD_INDENT 4

#define BUFFER_SIZE (1 << 18)

/* The records of one event of audit. */
struct reader_event {
	uint64_t serial;
	int64_t time;
	struct denial *v;
	size_t n;
	char syscall[SYSCALL_MAX]; /* its SYSCALL record behind the header */
	size_t syscall_len;        /* 0: none so far */
};

/* A record that was passed on. */
struct reader_twin {
	uint64_t hash;
	bool journal;
};

/* Which dates with slashes has the file? */
enum reader_dates { DATES_UNKNOWN, DATES_MONTH_FIRST, DATES_DAY_FIRST, DATES_MIXED };

struct audit_reader {
	audit_found *found;
	void *arg;
	struct texts names; /* of files */
	const char *file;
	unsigned long line;
	struct audit_counts counts;
	enum reader_role role;
	struct record_ids *ids;
	struct reader_event events[READER_EVENTS];
	size_t next_event; /* the oldest one */
	struct reader_twin twins[READER_TWINS];
	size_t next_twin;
	/* the last record, whose rest may be in the next line */
	char text[AUDIT_LINE_MAX];
	size_t len; /* 0: there is none */
	unsigned long first_line;
	unsigned int broken; /* the number of lines it is made of */
	enum denial_parse parsed;
	struct denial denial;
	struct form form;
	enum reader_dates dates;
	/* the last line that was not a further line of another */
	bool program;
	bool fields;
	size_t indent;
};

struct audit_reader *audit_reader_new(audit_found *found, void *arg)
{
	struct audit_reader *r = alloc_zeroed(1, sizeof(*r));

	r->found = found;
	r->arg = arg;
	return r;
}

static void pass_on(struct audit_reader *r, struct denial *d)
{
	if (r->role == READER_FIRST)
		record_ids_meet(r->ids, d);
	if (r->role == READER_NEWS)
		record_ids_add_met(r->ids, d);
	if (r->role != READER_REST || !record_ids_were_met(r->ids, d)) {
		r->counts.network++;
		r->found(r->arg, d);
	}
	denial_free(d);
}

/* Ends an event. */
static void settle_event(struct audit_reader *r, struct reader_event *e)
{
	size_t i;

	for (i = 0; i < e->n; i++) {
		if (e->syscall_len)
			denial_take_syscall(&e->v[i], e->syscall, e->syscall_len);
		pass_on(r, &e->v[i]);
	}
	free(e->v);
	e->v = NULL;
	e->n = 0;
}

/* Finds the event of a line, or begins it. */
static struct reader_event *event_of(struct audit_reader *r, const struct form *form)
{
	struct reader_event *e;

	for (e = r->events; e < r->events + READER_EVENTS; e++)
		if (e->serial == form->serial && e->time == form->time)
			return e;
	e = &r->events[r->next_event];
	r->next_event = (r->next_event + 1) % READER_EVENTS;
	settle_event(r, e);
	e->serial = form->serial;
	e->time = form->time;
	e->syscall_len = 0;
	return e;
}

/* Is this the other form of a record that was there? */
static bool is_twin(struct audit_reader *r, const struct form *form, size_t len)
{
	struct reader_twin new = { .journal = form->journal };
	struct reader_twin *t;

	if (!form->log || (!form->journal && !form->serial))
		return false;
	new.hash = hash_bytes(HASH_START, form->body, len);
	for (t = r->twins; t < r->twins + READER_TWINS; t++) {
		if (t->hash == new.hash && t->journal != new.journal) {
			t->hash = 0;
			return true;
		}
	}
	r->twins[r->next_twin] = new;
	r->next_twin = (r->next_twin + 1) % READER_TWINS;
	return false;
}

static void count_unreadable(struct audit_reader *r)
{
	struct audit_place *p;

	if (r->counts.unreadable < AUDIT_PLACES) {
		p = &r->counts.places[r->counts.unreadable];
		p->file = r->file;
		p->line = r->first_line;
		snprintf(p->text, sizeof(p->text), "%.*s", (int)r->len, r->text);
	}
	r->counts.unreadable++;
}

/* Finds the time of a date, and what it says about other dates. */
static void settle_date(struct audit_reader *r, struct form *form)
{
	const int64_t *month_first = &form->dates[DATE_MONTH_FIRST],
		      *day_first = &form->dates[DATE_DAY_FIRST];
	enum reader_dates dates = *day_first ? DATES_DAY_FIRST : DATES_MONTH_FIRST;

	if (!form->dated)
		return;
	if (*month_first == *day_first) {
		form->time = *month_first;
	} else if (!*month_first || !*day_first) {
		form->time = *month_first + *day_first;
		r->dates = r->dates == DATES_UNKNOWN || r->dates == dates ? dates : DATES_MIXED;
	} else if (r->dates == DATES_MONTH_FIRST) {
		form->time = *month_first;
	} else if (r->dates == DATES_DAY_FIRST) {
		form->time = *day_first;
	}
}

/* Reads the text of the last record. */
static void parse_text(struct audit_reader *r)
{
	denial_free(&r->denial);
	form_read(r->text, r->len, &r->form);
	settle_date(r, &r->form);
	r->parsed = r->form.body && r->form.kind == FORM_AVC ?
			    denial_parse(r->form.body, r->text + r->len - r->form.body,
					 &r->denial) :
			    DENIAL_PARTIAL;
}

static void settle_denial(struct audit_reader *r)
{
	struct denial d = r->denial;
	struct reader_event *e;

	r->denial = (struct denial){ .permissive = -1 };
	d.file = r->file;
	d.line = r->first_line;
	d.time = r->form.time;
	d.serial = r->form.serial;
	d.count = r->form.count;
	if (is_twin(r, &r->form, r->text + r->len - r->form.body)) {
		denial_free(&d);
		return;
	}
	r->counts.undated += r->form.dated && !d.time;
	if (!d.serial) {
		pass_on(r, &d);
	} else {
		e = event_of(r, &r->form);
		if (e->n == EVENT_MAX)
			settle_event(r, e);
		e->v = alloc_one_more(e->v, e->n, sizeof(*e->v));
		e->v[e->n++] = d;
	}
}

/* Ends the last record: no line belongs to it any more. */
static void settle_text(struct audit_reader *r)
{
	if (!r->len)
		return;
	if (r->parsed == DENIAL_READ)
		settle_denial(r);
	else if (r->parsed == DENIAL_OTHER)
		r->counts.other++;
	else
		count_unreadable(r);
	denial_free(&r->denial);
	r->len = 0;
}

/* Is a line the rest of the last record? Then it is appended. */
static bool continues(struct audit_reader *r, const char *text, size_t len)
{
	size_t before = r->len;
	enum denial_parse was = r->parsed;
	int permissive = r->denial.permissive;

	if (!before || r->broken >= PASTE_LINES || (was != DENIAL_PARTIAL && permissive >= 0))
		return false;
	r->len = paste_join(r->text, r->len, sizeof(r->text), text, len);
	if (!r->len) {
		r->len = before;
		return false;
	}
	parse_text(r);
	/* a record that was whole is only longer if that says more */
	if (was != DENIAL_PARTIAL && (r->parsed != DENIAL_READ ||
				      (was == DENIAL_READ && r->denial.permissive == permissive))) {
		r->len = before;
		parse_text(r);
		return false;
	}
	r->broken++;
	return true;
}

static void take_record(struct audit_reader *r, const char *text, size_t len)
{
	memcpy(r->text, text, len);
	r->len = len;
	r->first_line = r->line;
	r->broken = 1;
	parse_text(r);
}

static void take_syscall(struct audit_reader *r, struct form *form, const char *end)
{
	struct reader_event *e;
	size_t len = end - form->body;

	if (!form->serial)
		return;
	settle_date(r, form);
	e = event_of(r, form);
	e->syscall_len = len < SYSCALL_MAX ? len : SYSCALL_MAX;
	memcpy(e->syscall, form->body, e->syscall_len);
}

/* The line may have been broken in front of "avc:". */
static bool may_continue(const struct audit_reader *r, const struct form *form)
{
	return form->kind == FORM_TEXT || (form->kind == FORM_AVC && !form->serial &&
					   !form->journal && r->len && !r->form.body);
}

/* journalctl writes the further lines of a message below the first one, without its tag: they are
 * of the same program. With -o verbose, fields follow; only journald itself writes those that begin
 * with _, and further lines of a field have more blanks in front. */
static void judge_writer(struct audit_reader *r, struct form *form)
{
	if (form->tagged || form->indent <= r->indent) {
		r->program = form->program;
		r->fields = form->fields;
		r->indent = form->indent;
	} else if (r->fields && form->transport && form->indent == r->indent + FIELD_INDENT) {
		r->program = false;
	} else if (r->program && form->kind != FORM_LOST) {
		form->kind = form->kind == FORM_AVC || form->kind == FORM_SYSCALL ? FORM_FORGED :
										    FORM_START;
	}
}

void audit_reader_line(struct audit_reader *r, const char *text, size_t len)
{
	struct form form;

	r->line++;
	r->counts.lines++;
	if (len > AUDIT_LINE_MAX)
		len = AUDIT_LINE_MAX;
	form_read(text, len, &form);
	/* a line of blanks can be one of a message */
	if (form.indent < len)
		judge_writer(r, &form);
	if (may_continue(r, &form) && continues(r, text, len))
		return;
	settle_text(r);
	if (form.kind == FORM_AVC)
		take_record(r, text, len);
	else if (form.kind == FORM_SYSCALL)
		take_syscall(r, &form, text + len);
	r->counts.forged += form.kind == FORM_FORGED;
	r->counts.lost += form.kind == FORM_LOST;
}

void audit_reader_lost(struct audit_reader *r)
{
	r->counts.lost++;
}

void audit_reader_flush(struct audit_reader *r)
{
	size_t i;

	settle_text(r);
	for (i = 0; i < READER_EVENTS; i++)
		settle_event(r, &r->events[(r->next_event + i) % READER_EVENTS]);
}

void audit_reader_beside(struct audit_reader *r, enum reader_role role, struct record_ids *ids)
{
	/* what was read is passed on in the old role */
	audit_reader_flush(r);
	r->role = role;
	r->ids = ids;
}

void audit_reader_file(struct audit_reader *r, const char *name)
{
	settle_text(r);
	r->file = texts_keep(&r->names, name);
	r->line = 0;
	r->dates = DATES_UNKNOWN;
	r->program = false;
	r->fields = false;
	r->indent = 0;
}

/* Reads the whole lines of a buffer. Returns how many bytes they have. */
static size_t read_lines(struct audit_reader *r, const char *buffer, size_t n, bool *skip)
{
	const char *at = buffer, *end = buffer + n, *newline;

	while ((newline = memchr(at, '\n', end - at))) {
		if (!*skip)
			audit_reader_line(r, at, newline - at);
		*skip = false;
		at = newline + 1;
	}
	/* the rest of a line that is too long is left out */
	if (end - at > AUDIT_LINE_MAX) {
		if (!*skip)
			audit_reader_line(r, at, AUDIT_LINE_MAX);
		*skip = true;
	}
	return *skip ? n : (size_t)(at - buffer);
}

int audit_reader_fd(struct audit_reader *r, int fd, struct err *err)
{
	char *buffer = alloc_zeroed(1, BUFFER_SIZE);
	size_t n = 0, done;
	bool skip = false;
	ssize_t got;
	int ret = 0;

	for (;;) {
		got = read(fd, buffer + n, BUFFER_SIZE - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		n += got;
		done = read_lines(r, buffer, n, &skip);
		n -= done;
		memmove(buffer, buffer + done, n);
	}
	if (got < 0)
		ret = err_set(err, -errno, "%s: %s", r->file, strerror(errno));
	else if (n && !skip)
		audit_reader_line(r, buffer, n);
	free(buffer);
	return ret;
}

const struct audit_counts *audit_reader_counts(const struct audit_reader *r)
{
	return &r->counts;
}

void audit_reader_free(struct audit_reader *r)
{
	size_t i, k;

	if (!r)
		return;
	for (i = 0; i < READER_EVENTS; i++) {
		for (k = 0; k < r->events[i].n; k++)
			denial_free(&r->events[i].v[k]);
		free(r->events[i].v);
	}
	denial_free(&r->denial);
	texts_free(&r->names);
	free(r);
}
