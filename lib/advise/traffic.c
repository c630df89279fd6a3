// SPDX-License-Identifier: GPL-2.0-only
#include "advise/traffic.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "audit/denial.h"
#include "audit/denial_counts.h"
#include "base/err.h"
#include "host/conntrack.h"
#include "host/local_addresses.h"
#include "host/local_sockets.h"
#include "host/sockets.h"
#include "util/alloc.h"
#include "util/clock.h"
#include "util/hash.h"

struct traffic_connection {
	uint64_t id;       /* a hash of the entry's key */
	const char *label; /* its type; NULL: none */
	struct conntrack_tuple orig, reply;
	bool counted;
	uint64_t packets, bytes;
	uint32_t inode; /* of the socket; 0: none */
};

/* What is kept of a connection for the next reading */
struct traffic_past {
	uint64_t id;
	uint64_t packets, bytes;
	const char *domain; /* NULL: none */
};

void traffic_start(struct traffic *t)
{
	free(t->v);
	t->v = NULL;
	t->n = 0;
}

/* The type of a context, for as long as the traffic lives. */
static const char *keep_type(struct traffic *t, const char *context)
{
	char type[DENIAL_TYPE_MAX];

	return context ? texts_keep(&t->types, denial_type(context, type, sizeof(type))) : NULL;
}

static uint64_t hash_key(const struct conntrack_key *key)
{
	uint64_t hash = hash_bytes(HASH_START, &key->id, sizeof(key->id));

	hash = hash_bytes(hash, &key->zone, sizeof(key->zone));
	return hash_bytes(hash, key->tuple, key->len);
}

void traffic_take(struct traffic *t, const struct conntrack_entry *entry)
{
	struct traffic_connection *c;

	t->v = alloc_one_more(t->v, t->n, sizeof(*t->v));
	c = &t->v[t->n++];
	*c = (struct traffic_connection){ .id = hash_key(&entry->key),
					  .orig = entry->orig,
					  .reply = entry->reply,
					  .counted = entry->counted,
					  .packets = entry->packets,
					  .bytes = entry->bytes };
	if (conntrack_labeled(entry, t->unlabeled))
		c->label = keep_type(t, entry->secctx);
}

static int compare_connections(const void *x, const void *y)
{
	const struct traffic_connection *a = x, *b = y;

	return (a->id > b->id) - (a->id < b->id);
}

/* An entry may have come twice. */
static void sort_connections(struct traffic *t)
{
	size_t i, n = 0;

	if (!t->n)
		return;
	qsort(t->v, t->n, sizeof(*t->v), compare_connections);
	for (i = 1; i < t->n; i++) {
		if (t->v[i].id != t->v[n].id)
			t->v[++n] = t->v[i];
	}
	t->n = n + 1;
}

static void find_sockets(struct traffic *t, const struct traffic_host *host)
{
	uint32_t *inodes = alloc_zeroed(t->n + 1, sizeof(*inodes));
	const struct host_socket *s;
	struct local_sockets local;
	size_t i, n = 0;

	local_sockets_init(&local, host->sockets, host->addresses);
	for (i = 0; i < t->n; i++) {
		s = local_sockets_find(&local, &t->v[i].orig, &t->v[i].reply);
		if (s)
			t->v[i].inode = inodes[n++] = s->inode;
	}
	socket_labels_read(&t->labels, host->proc, inodes, n);
	local_sockets_free(&local);
	free(inodes);
}

static void add_counters(struct traffic_row *row, const struct traffic_connection *c,
			 const struct traffic_past *before)
{
	row->counted++;
	row->packets += c->packets;
	row->bytes += c->bytes;
	row->recent_packets += c->packets - (before ? before->packets : 0);
	row->recent_bytes += c->bytes - (before ? before->bytes : 0);
}

static void add_connection(struct traffic *t, const struct traffic_connection *c,
			   const struct traffic_past *before, struct traffic_past *past)
{
	const char *context = c->inode ? socket_labels_find(&t->labels, c->inode) : NULL;
	struct traffic_row *row;

	*past = (struct traffic_past){ .id = c->id, .packets = c->packets, .bytes = c->bytes };
	/* a socket that is closed, or that its process has just given away */
	past->domain = context ? keep_type(t, context) : before ? before->domain : NULL;
	row = traffic_rows_get(&t->rows, c->label, past->domain);
	row->connections++;
	if (c->counted)
		add_counters(row, c, before);
}

/* The kernel's id of an entry is a hash of its place in memory: if the counters went down, it is
 * another one in the same place. */
static bool is_same_traffic(const struct traffic_past *before, const struct traffic_connection *c)
{
	return before->id == c->id && before->packets <= c->packets && before->bytes <= c->bytes;
}

void traffic_finish(struct traffic *t, const struct traffic_host *host, int64_t now)
{
	const struct traffic_past *b = t->before, *end = t->before + t->n_before;
	struct traffic_past *past;
	size_t i;

	sort_connections(t);
	find_sockets(t, host);
	traffic_rows_free(&t->rows);
	past = alloc_zeroed(t->n + 1, sizeof(*past));
	for (i = 0; i < t->n; i++) {
		while (b < end && b->id < t->v[i].id)
			b++;
		add_connection(t, &t->v[i], b < end && is_same_traffic(b, &t->v[i]) ? b : NULL,
			       &past[i]);
	}
	free(t->before);
	t->before = past;
	t->n_before = t->n;
	traffic_start(t);
	t->milliseconds = t->readings++ ? now - t->read_at : 0;
	t->read_at = now;
	t->failed = false;
}

void traffic_fail(struct traffic *t)
{
	traffic_start(t);
	traffic_rows_free(&t->rows);
	t->milliseconds = 0;
	t->failed = true;
}

static void start_traffic(void *arg)
{
	traffic_start(arg);
}

static void take_traffic(void *arg, const struct conntrack_entry *entry)
{
	traffic_take(arg, entry);
}

/* Says why some domains are not known. A part that fails is like one that has nothing. */
static void look_at_host(struct traffic *t, struct host_sockets *sockets,
			 struct local_addresses *addresses)
{
	struct err err;
	size_t i;

	t->unseen = (struct err){ .what = "" };
	if (!t->n)
		return;
	if (local_addresses_read(addresses, &err))
		t->unseen = err;
	if (sockets_read(sockets, 0, &err))
		t->unseen = err;
	for (i = 0; i < SOCKETS_MODULES && !*t->unseen.what; i++) {
		/* raw sockets have no ports, so they are not those of connections */
		if (i == SOCKETS_RAW || !sockets->unlisted[i])
			continue;
		err_set(&t->unseen, -ENOENT, "the kernel does not list %zu of the sockets",
			sockets->unlisted[i]);
		err_hint(&t->unseen, "try modprobe %s", sockets_modules[i]);
	}
}

int traffic_read(struct traffic *t, const char *unlabeled, struct err *err)
{
	const struct conntrack_reader reader = { start_traffic, take_traffic, t };
	struct host_sockets sockets = { .v = NULL };
	struct local_addresses addresses = { .own = NULL };
	const struct traffic_host host = { &sockets, &addresses, "/proc" };
	int ret = 0;
	int64_t now;

	t->unlabeled = unlabeled;
	traffic_start(t);
	/* a question would load the module */
	if (!conntrack_is_empty())
		ret = conntrack_read(&reader, err);
	now = clock_milliseconds();
	if (ret) {
		traffic_fail(t);
		return ret;
	}
	/* the sockets come last: a connection that is accepted meanwhile has one then */
	look_at_host(t, &sockets, &addresses);
	traffic_finish(t, &host, now);
	if (!*t->unseen.what && t->labels.hidden) {
		err_set(&t->unseen, -EACCES, "sockets of others cannot be seen");
		err_hint(&t->unseen, "needs root");
	}
	sockets_free(&sockets);
	local_addresses_free(&addresses);
	return 0;
}

void traffic_add_denials(struct traffic_rows *rows, const struct denial_counts *denials,
			 const char *unlabeled)
{
	char buf[DENIAL_TYPE_MAX];
	const char *none = unlabeled ? denial_type(unlabeled, buf, sizeof(buf)) : NULL;
	const struct denial_count *c;
	struct traffic_row *row;

	for (c = denials->v; c < denials->v + denials->n; c++) {
		row = traffic_rows_get(rows, none && !strcmp(c->label, none) ? NULL : c->label,
				       c->domain);
		row->denials += c->count;
		row->recent_denials += c->recent;
	}
}

void traffic_free(struct traffic *t)
{
	traffic_start(t);
	free(t->before);
	traffic_rows_free(&t->rows);
	socket_labels_free(&t->labels);
	texts_free(&t->types);
	*t = (struct traffic){ .readings = 0 };
}
