// SPDX-License-Identifier: GPL-2.0-only
/* top on a terminal */
#include <curses.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "cmd.h"
#include "print.h"
#include "top.h"
#include "top_table.h"
#include "top_terminal.h"
#include "util/alloc.h"
#include "util/buffer.h"
#include "util/clock.h"
#include "util/columns.h"
#include "util/printable.h"

struct screen {
	struct top *top;
	char host[65];
	char *error;  /* of the last reading, or NULL */
	size_t first; /* the row at the top */
	size_t page;  /* how many rows there is room for */
	int64_t next;
};

static void screen_line(int y, const char *text)
{
	size_t columns = COLS;

	/* the last line is for the keys */
	if (y >= LINES - 1)
		return;
	mvaddnstr(y, 0, text, columns_fit(text, &columns));
	clrtoeol();
}

static void draw_head(const struct screen *s, int *y)
{
	char *text, *safe;
	size_t len;
	FILE *out = buffer_open(&text, &len);
	int i;

	fprintf(out, "host  %s, every %u s", s->host, s->top->interval);
	buffer_close(out);
	safe = text_printable(text);
	screen_line((*y)++, safe);
	free(safe);
	free(text);
	for (i = 0; i < TOP_HEAD; i++) {
		text = top_head(s->top, i);
		screen_line((*y)++, text);
		free(text);
	}
}

static void draw_notes(const struct screen *s, int *y)
{
	char *notes = top_notes(s->top), *rest = notes, *line;

	if (s->error)
		screen_line((*y)++, s->error);
	while ((line = strsep(&rest, "\n")))
		if (*line)
			screen_line((*y)++, line);
	free(notes);
}

static void draw_row(const struct screen *s, int y, const struct traffic_row *row,
		     const int *widths)
{
	char *text;
	size_t len;
	FILE *out = buffer_open(&text, &len);

	top_print_row(s->top, row, widths, out);
	buffer_close(out);
	screen_line(y, text);
	free(text);
}

/* On a narrow terminal, names are cut: the numbers matter more. */
static void cut_names(int *widths)
{
	static const int least[] = { 12, 8 };
	int over = -2 - COLS, cut;
	size_t k;

	for (k = 0; k < TOP_COLUMNS; k++)
		over += widths[k] + 2;
	for (k = 0; k < sizeof(least) / sizeof(least[0]) && over > 0; k++) {
		cut = widths[k] - least[k] < over ? widths[k] - least[k] : over;
		if (cut > 0) {
			widths[k] -= cut;
			over -= cut;
		}
	}
}

/* Where the heading of the sorted column is */
static void mark_column(const struct screen *s, int y, const int *widths)
{
	int x = 0;
	size_t k;

	mvchgat(y, 0, -1, A_REVERSE, 0, NULL);
	for (k = 0; k < TOP_COLUMNS; k++) {
		if (top_columns[k].sort && top_columns[k].key == s->top->key && x < COLS)
			mvchgat(y, x, widths[k], A_REVERSE | A_BOLD | A_UNDERLINE, 0, NULL);
		x += widths[k] + 2;
	}
}

static void draw_key(int letter, const char *name)
{
	attron(A_REVERSE);
	addch(letter);
	attroff(A_REVERSE);
	printw(" %s ", name);
}

/* The last line. What does not fit is left out. */
static void draw_keys(void)
{
	size_t k;

	move(LINES - 1, 0);
	draw_key('q', "quit");
	draw_key('r', "reverse");
	for (k = 0; k < TOP_COLUMNS; k++)
		if (top_columns[k].sort && getcurx(stdscr) + 14 < COLS)
			draw_key(top_columns[k].letter, top_columns[k].sort);
}

static void draw(struct screen *s)
{
	struct traffic_rows *rows = &s->top->traffic.rows;
	int widths[TOP_COLUMNS], y = 0;
	size_t i;

	traffic_rows_sort(rows, s->top->key, s->top->reverse);
	top_widths(s->top, widths);
	cut_names(widths);
	erase();
	draw_head(s, &y);
	draw_notes(s, &y);
	draw_row(s, ++y, NULL, widths);
	mark_column(s, y++, widths);
	s->page = LINES - 1 > y ? LINES - 1 - y : 1;
	if (s->first + s->page > rows->n)
		s->first = rows->n > s->page ? rows->n - s->page : 0;
	for (i = 0; i < s->page && s->first + i < rows->n; i++)
		draw_row(s, y++, &rows->v[s->first + i], widths);
	draw_keys();
	refresh();
}

static void read_again(struct screen *s)
{
	char text[ERR_TEXT_MAX];
	struct err err;
	int ret;

	top_terminal_read_begin();
	ret = top_read(s->top, &err);
	top_terminal_read_end();
	free(s->error);
	s->error = ret ? text_printable(err_text(&err, text)) : NULL;
	s->next = clock_milliseconds() + 1000 * (int64_t)s->top->interval;
}

/* The key of the next column, or of the one before. */
static void turn_key(struct top *t, int step)
{
	t->key = (t->key + TRAFFIC_KEYS + step) % TRAFFIC_KEYS;
	t->reverse = false;
}

static void scroll_rows(struct screen *s, long by)
{
	if (by < 0 && s->first < (size_t)-by)
		s->first = 0;
	else
		s->first += by;
}

/* Returns false for q. */
static bool take_key(struct screen *s, int key)
{
	size_t k;

	switch (key) {
	case 'q':
		return false;
	case 'r':
		s->top->reverse = !s->top->reverse;
		break;
	case KEY_LEFT:
		turn_key(s->top, -1);
		break;
	case KEY_RIGHT:
		turn_key(s->top, 1);
		break;
	case KEY_UP:
		scroll_rows(s, -1);
		break;
	case KEY_DOWN:
		scroll_rows(s, 1);
		break;
	case KEY_PPAGE:
		scroll_rows(s, -(long)s->page);
		break;
	case KEY_NPAGE:
		scroll_rows(s, s->page);
		break;
	}
	for (k = 0; k < TOP_COLUMNS; k++) {
		if (top_columns[k].sort && key == top_columns[k].letter) {
			s->top->key = top_columns[k].key;
			s->top->reverse = false;
		}
	}
	return true;
}

/* Until q, or a signal. Returns 0, 1 without q, or -errno. */
static int screen_loop(struct screen *s)
{
	int64_t left;
	int key, ret;

	for (;;) {
		struct pollfd polled[] = { { STDIN_FILENO, POLLIN, 0 },
					   { s->top->events.fd, POLLIN, 0 } };

		left = s->next - clock_milliseconds();
		if (left <= 0) {
			read_again(s);
			draw(s);
			continue;
		}
		ret = top_terminal_wait(polled, 2, left);
		if (ret)
			return ret < 0 ? ret : 1;
		if (polled[1].revents)
			top_listen(s->top);
		while ((key = getch()) != ERR)
			if (!take_key(s, key))
				return 0;
		/* the terminal is gone */
		if (polled[0].revents & (POLLHUP | POLLERR | POLLNVAL))
			return 1;
		if (top_terminal_has_changed() || polled[0].revents)
			draw(s);
	}
}

int top_screen(struct top *t)
{
	struct screen s = { .top = t };
	struct err err;
	int ret = 1;

	if (gethostname(s.host, sizeof(s.host) - 1))
		s.host[0] = '\0';
	setlocale(LC_CTYPE, "");
	if (top_terminal_open(&err)) {
		print_err(&err);
	} else {
		s.next = clock_milliseconds() + 1000 * (int64_t)t->interval;
		draw(&s);
		ret = screen_loop(&s);
	}
	top_terminal_close();
	if (ret < 0) {
		err_set(&err, ret, "the terminal: %s", strerror(-ret));
		print_err(&err);
	}
	free(s.error);
	return ret ? FAILED : DONE;
}
