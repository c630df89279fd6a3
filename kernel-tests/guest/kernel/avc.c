// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nothing else knows how the kernel writes an AVC record, or how a case writes the one that it
 * expects.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/avc.h"
#include "runner/util.h"
#include "runner/vars.h"

/* security/selinux/avc.c, security/lsm_audit.c */
static const char *const avc_keys[AVC_FIELDS] = {
	[AVC_SCONTEXT] = "scontext", [AVC_TCONTEXT] = "tcontext", [AVC_TCLASS] = "tclass",
	[AVC_SADDR] = "saddr",       [AVC_SRC] = "src",           [AVC_DADDR] = "daddr",
	[AVC_DEST] = "dest",
};

/* The value of " KEY=VALUE", which the caller frees; NULL without one. */
static char *avc_value(const char *text, const char *key)
{
	char pattern[32];
	const char *p;

	snprintf(pattern, sizeof(pattern), " %s=", key);
	p = strstr(text, pattern);
	if (!p)
		return NULL;
	p += strlen(pattern);
	return must_printf("%.*s", (int)strcspn(p, " "), p);
}

/* audit(SECONDS.MILLISECONDS:SERIAL): avc:  denied  { PERMISSION } for  KEY=VALUE ... */
int avc_parse(struct avc *avc, const char *record)
{
	const char *verdict = strstr(record, "avc:"), *perm, *end;
	long long seconds = 0;
	int milli = 0;

	*avc = (struct avc){ 0 };
	if (!verdict)
		return -EINVAL;
	verdict += strlen("avc:");
	verdict += strspn(verdict, " ");
	avc->granted = !strncmp(verdict, "granted", 7);
	if (!avc->granted && strncmp(verdict, "denied", 6))
		return -EINVAL;
	perm = strstr(verdict, "{ ");
	end = perm ? strstr(perm + 2, " }") : NULL;
	if (!end)
		return -EINVAL;
	avc->permission = must_printf("%.*s", (int)(end - perm) - 2, perm + 2);
	for (size_t i = 0; i < AVC_FIELDS; i++)
		avc->fields[i] = avc_value(end, avc_keys[i]);
	avc->permissive = strstr(end, " permissive=1");
	if (sscanf(record, "audit(%lld.%d", &seconds, &milli) == 2)
		avc->ms = seconds * 1000 + milli;
	avc->record = must_printf("%s", record);
	return 0;
}

void avc_other(struct avc *avc, const char *record)
{
	*avc = (struct avc){ .other = must_printf("%s", record) };
}

/* "ADDRESS[/PORT]": one end of a packet. */
static int avc_expect_end(struct avc *avc, enum avc_field address, const char *end, size_t len)
{
	const char *slash = memchr(end, '/', len);
	size_t n = slash ? (size_t)(slash - end) : len;

	if (!n || strchr(end, ' '))
		return -EINVAL;
	avc->fields[address] = must_printf("%.*s", (int)n, end);
	if (slash)
		avc->fields[address + 1] = must_printf("%.*s", (int)(len - n - 1), slash + 1);
	return 0;
}

/* "ADDRESS[/PORT]>ADDRESS[/PORT]": a packet of no conversation, such as the outer one of a tunnel.
 */
static int avc_expect_packet(struct avc *avc, const char *way)
{
	size_t len = strcspn(way, ">");
	int err = way[len] ? avc_expect_end(avc, AVC_SADDR, way, len) : -EINVAL;

	way += len + 1;
	return err ? err : avc_expect_end(avc, AVC_DADDR, way, strlen(way));
}

/*
 * "[data |wire ]client>server|server>client": the addresses, and the ports if the protocol has
 * them. wire: the kernel did not look at the ports.
 */
static int avc_expect_flow(struct avc *avc, const char *way, const struct avc_flow *flow)
{
	bool data = !strncmp(way, "data ", 5), wire = !strncmp(way, "wire ", 5), back;
	const int *ports = data ? flow->data_ports : flow->ports;

	if (!data && !wire && strncmp(way, "client>", 7) && strncmp(way, "server>", 7))
		return avc_expect_packet(avc, way);
	way += data || wire ? 5 : 0;
	back = !strcmp(way, "server>client");
	if (!flow->addresses[0] || (!back && strcmp(way, "client>server")))
		return -EINVAL;
	avc->fields[AVC_SADDR] = must_printf("%s", flow->addresses[back]);
	avc->fields[AVC_DADDR] = must_printf("%s", flow->addresses[!back]);
	if (flow->has_ports && !wire) {
		avc->fields[AVC_SRC] = must_printf("%d", ports[back]);
		avc->fields[AVC_DEST] = must_printf("%d", ports[!back]);
	}
	return 0;
}

/* "KEY=VALUE ...": addresses and ports of a record that is about no packet. */
static int avc_expect_fields(struct avc *avc, const char *words)
{
	while (*words) {
		size_t len = strcspn(words, " "), key = strcspn(words, "=");
		enum avc_field field = AVC_SADDR;

		while (field < AVC_FIELDS &&
		       (strlen(avc_keys[field]) != key || strncmp(avc_keys[field], words, key)))
			field++;
		if (field == AVC_FIELDS || len <= key + 1 || avc->fields[field])
			return -EINVAL;
		avc->fields[field] = must_printf("%.*s", (int)(len - key - 1), words + key + 1);
		words += len;
		words += strspn(words, " ");
	}
	return 0;
}

int avc_expect(struct avc *avc, const char *line, const struct avc_flow *flow)
{
	char source[128], target[128], perm[64], *tclass;
	int used = 0;

	*avc = (struct avc){ 0 };
	if (sscanf(line, "%127s %127s %63s %n", source, target, perm, &used) < 3)
		return -EINVAL;
	tclass = strrchr(target, ':');
	if (!tclass)
		return -EINVAL;
	*tclass++ = '\0';
	avc->granted = !strncmp(perm, "granted:", 8);
	avc->permissive = !strncmp(perm, "permissive:", 11);
	avc->permission = must_printf("%s", perm + (avc->granted ? 8 : avc->permissive ? 11 : 0));
	avc->fields[AVC_SCONTEXT] = context_of(source);
	avc->fields[AVC_TCONTEXT] = context_of(target);
	avc->fields[AVC_TCLASS] = must_printf("%s", tclass);
	if (strchr(line + used, '='))
		return avc_expect_fields(avc, line + used);
	return line[used] ? avc_expect_flow(avc, line + used, flow) : 0;
}

/* The port of a tunnel's sender is as good as random: a case writes "*". */
static bool avc_texts_equal(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) || !strcmp(a, "*") || !strcmp(b, "*") : a == b;
}

bool avc_equal(const struct avc *a, const struct avc *b)
{
	bool same = a->granted == b->granted && a->permissive == b->permissive;

	/* from the last to the first: ports differ most often */
	for (size_t i = AVC_FIELDS; same && i > 0; i--)
		same = avc_texts_equal(a->fields[i - 1], b->fields[i - 1]);
	return same && avc_texts_equal(a->permission, b->permission) &&
	       avc_texts_equal(a->other, b->other);
}

char *avc_print(const struct avc *avc)
{
	char *text = NULL;
	size_t size;
	FILE *f;

	if (!avc->permission)
		return must_printf("%s", avc->other ? avc->other : "");
	f = open_memstream(&text, &size);
	if (!f)
		abort();
	fprintf(f, "{ %s%s%s }", avc->granted ? "granted:" : "",
		avc->permissive ? "permissive:" : "", avc->permission);
	for (size_t i = 0; i < AVC_FIELDS; i++)
		if (avc->fields[i])
			fprintf(f, " %s=%s", avc_keys[i], avc->fields[i]);
	fclose(f);
	return text;
}

bool avc_has_ports(const struct avc *avc)
{
	return avc->fields[AVC_DEST];
}

bool avc_line_denies(const char *line)
{
	return !strstr(line, " granted:");
}

bool avc_line_stops(const char *line)
{
	return avc_line_denies(line) && !strstr(line, " permissive:");
}

bool avc_line_stops_answer(const char *line)
{
	return avc_line_stops(line) && strstr(line, " server>client");
}

void avc_free(struct avc *avc)
{
	for (size_t i = 0; i < AVC_FIELDS; i++)
		free(avc->fields[i]);
	free(avc->permission);
	free(avc->other);
	free(avc->record);
	*avc = (struct avc){ 0 };
}

void avcs_add(struct avcs *l, struct avc *avc)
{
	/* Doubles at each power of two. */
	if ((l->n & (l->n - 1)) == 0) {
		l->v = realloc(l->v, (l->n ? 2 * l->n : 1) * sizeof(*l->v));
		if (!l->v)
			abort();
	}
	l->v[l->n++] = *avc;
	*avc = (struct avc){ 0 };
}

bool avcs_has(const struct avcs *l, const struct avc *avc)
{
	for (size_t i = 0; i < l->n; i++)
		if (avc_equal(&l->v[i], avc))
			return true;
	return false;
}

void avcs_free(struct avcs *l)
{
	for (size_t i = 0; i < l->n; i++)
		avc_free(&l->v[i]);
	free(l->v);
	*l = (struct avcs){ 0 };
}
