// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads a binary policy in the order in which the kernel writes it:
 * policydb_write(), security/selinux/ss/policydb.c, and what that calls. All
 * numbers are little-endian.
 */
#include "selinux/attribute_types.h"

#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC 0xf97cff8c

/* security/selinux/include/security.h */
enum version {
	VERSION_BOUNDARY = 24,
	VERSION_FILENAME_TRANS = 25,
	VERSION_ROLETRANS = 26,
	VERSION_NEW_OBJECT_DEFAULTS = 27,
	VERSION_DEFAULT_TYPE = 28,
	VERSION_CONSTRAINT_NAMES = 29,
	VERSION_COMP_FTRANS = 33,
	VERSION_COND_XPERMS =
		34, /* skip_rule() knows this already; it may now be in conditions, too */
};

enum symbol {
	SYM_COMMONS,
	SYM_CLASSES,
	SYM_ROLES,
	SYM_TYPES,
	SYM_USERS,
	SYM_BOOLS,
	SYM_LEVELS,
	SYM_CATS,
	SYM_NUM
};

/* security/selinux/ss/policydb.h */
enum ocontext {
	OCON_ISID,
	OCON_FS,
	OCON_PORT,
	OCON_NETIF,
	OCON_NODE,
	OCON_FSUSE,
	OCON_NODE6,
	OCON_IBPKEY,
	OCON_IBENDPORT,
	OCON_NUM
};

#define AVTAB_XPERMS 0x0700 /* security/selinux/ss/avtab.h */
#define CEXPR_NAMES 5       /* security/selinux/ss/constraint.h */
#define TYPE_ATTRIBUTE 2    /* TYPEDATUM_PROPERTY_ATTRIBUTE */

/* A place in the image. After a read past the end it stays at the end, numbers are 0, and bad is
 * set. */
struct cursor {
	const uint8_t *at;
	const uint8_t *end;
	uint32_t version;
	bool bad;
};

static const uint8_t *skip_image_bytes(struct cursor *c, size_t n)
{
	const uint8_t *from = c->at;

	if ((size_t)(c->end - c->at) < n) {
		c->bad = true;
		c->at = c->end;
		return NULL;
	}
	c->at += n;
	return from;
}

static uint32_t read_image_u32(struct cursor *c)
{
	const uint8_t *from = skip_image_bytes(c, 4);
	uint32_t n = 0;

	if (from)
		memcpy(&n, from, 4);
	return le32toh(n);
}

static void skip_u32(struct cursor *c, size_t n)
{
	skip_image_bytes(c, 4 * n);
}

/* Calls one for each of n things. */
static void skip_many(struct cursor *c, uint32_t n, void (*one)(struct cursor *c))
{
	while (n-- && !c->bad)
		one(c);
}

static void skip_list(struct cursor *c, void (*one)(struct cursor *c))
{
	skip_many(c, read_image_u32(c), one);
}

/* mapunit, highest bit, number of nodes; a node is its first bit and 64 bits */
static void skip_ebitmap(struct cursor *c)
{
	skip_u32(c, 2);
	skip_image_bytes(c, (size_t)read_image_u32(c) * 12);
}

static void skip_range(struct cursor *c)
{
	uint32_t ends = read_image_u32(c);

	skip_u32(c, ends);
	skip_many(c, ends, skip_ebitmap);
}

static void skip_level(struct cursor *c)
{
	skip_u32(c, 1);
	skip_ebitmap(c);
}

static void skip_context(struct cursor *c)
{
	skip_u32(c, 3);
	skip_range(c);
}

static void skip_perm(struct cursor *c)
{
	uint32_t len = read_image_u32(c);

	skip_u32(c, 1);
	skip_image_bytes(c, len);
}

static void skip_common(struct cursor *c)
{
	uint32_t len = read_image_u32(c), perms;

	skip_u32(c, 2);
	perms = read_image_u32(c);
	skip_image_bytes(c, len);
	skip_many(c, perms, skip_perm);
}

static void skip_expression(struct cursor *c)
{
	uint32_t kind = read_image_u32(c);

	skip_u32(c, 2);
	if (kind != CEXPR_NAMES)
		return;
	skip_ebitmap(c);
	if (c->version < VERSION_CONSTRAINT_NAMES)
		return;
	skip_ebitmap(c);
	skip_ebitmap(c);
	skip_u32(c, 1);
}

static void skip_constraint(struct cursor *c)
{
	skip_u32(c, 1);
	skip_list(c, skip_expression);
}

static void skip_class(struct cursor *c)
{
	uint32_t len = read_image_u32(c), common = read_image_u32(c), perms, constraints;

	skip_u32(c, 2);
	perms = read_image_u32(c);
	constraints = read_image_u32(c);
	skip_image_bytes(c, len);
	skip_image_bytes(c, common);
	skip_many(c, perms, skip_perm);
	skip_many(c, constraints, skip_constraint);
	skip_list(c, skip_constraint); /* validatetrans */
	if (c->version >= VERSION_NEW_OBJECT_DEFAULTS)
		skip_u32(c, 3);
	if (c->version >= VERSION_DEFAULT_TYPE)
		skip_u32(c, 1);
}

static void skip_role(struct cursor *c)
{
	uint32_t len = read_image_u32(c);

	skip_u32(c, 2);
	skip_image_bytes(c, len);
	skip_ebitmap(c);
	skip_ebitmap(c);
}

/* An entry of the table of types. */
struct attribute_type {
	const char *name; /* not terminated */
	uint32_t len;
	uint32_t value;
	uint32_t properties;
};

/* Where in the image the tables are. */
struct tables {
	uint32_t n_values; /* the highest value of a type or attribute */
	uint32_t n_types;  /* entries of the table of types, attributes and aliases among them */
	struct cursor types;
	struct cursor map; /* an ebitmap of attributes for each value */
};

static struct attribute_type read_type(struct cursor *c)
{
	struct attribute_type t;

	t.len = read_image_u32(c);
	t.value = read_image_u32(c);
	t.properties = read_image_u32(c);
	skip_u32(c, 1);
	t.name = (const char *)skip_image_bytes(c, t.len);
	return t;
}

static void skip_type(struct cursor *c)
{
	read_type(c);
}

static void skip_user(struct cursor *c)
{
	uint32_t len = read_image_u32(c);

	skip_u32(c, 2);
	skip_image_bytes(c, len);
	skip_ebitmap(c);
	skip_range(c);
	skip_level(c);
}

static void skip_bool(struct cursor *c)
{
	skip_u32(c, 2);
	skip_image_bytes(c, read_image_u32(c));
}

static void skip_sensitivity(struct cursor *c)
{
	uint32_t len = read_image_u32(c);

	skip_u32(c, 1);
	skip_image_bytes(c, len);
	skip_level(c);
}

static void skip_category(struct cursor *c)
{
	uint32_t len = read_image_u32(c);

	skip_u32(c, 2);
	skip_image_bytes(c, len);
}

static void skip_symbols(struct cursor *c, struct tables *t)
{
	static void (*const skip_symbol[SYM_NUM])(struct cursor * c) = {
		[SYM_COMMONS] = skip_common,     [SYM_CLASSES] = skip_class,
		[SYM_ROLES] = skip_role,         [SYM_TYPES] = skip_type,
		[SYM_USERS] = skip_user,         [SYM_BOOLS] = skip_bool,
		[SYM_LEVELS] = skip_sensitivity, [SYM_CATS] = skip_category,
	};
	uint32_t values, n;
	unsigned int i;

	for (i = 0; i < SYM_NUM; i++) {
		values = read_image_u32(c);
		n = read_image_u32(c);
		if (i == SYM_TYPES) {
			t->n_values = values;
			t->n_types = n;
			t->types = *c;
		}
		skip_many(c, n, skip_symbol[i]);
	}
}

/* source, target, class, and what the datum is: 16 bits each */
static void skip_rule(struct cursor *c)
{
	const uint8_t *key = skip_image_bytes(c, 8);
	uint16_t specified;

	if (!key)
		return;
	memcpy(&specified, key + 6, 2);
	skip_image_bytes(c, le16toh(specified) & AVTAB_XPERMS ? 2 + 8 * 4 : 4);
}

static void skip_condition(struct cursor *c)
{
	skip_u32(c, 1);
	skip_u32(c, 2 * (size_t)read_image_u32(c));
	skip_list(c, skip_rule);
	skip_list(c, skip_rule);
}

static void skip_name(struct cursor *c)
{
	skip_image_bytes(c, read_image_u32(c));
}

static void skip_filename_source(struct cursor *c)
{
	skip_ebitmap(c);
	skip_u32(c, 1);
}

static void skip_filename_trans(struct cursor *c)
{
	skip_name(c);
	if (c->version < VERSION_COMP_FTRANS) {
		skip_u32(c, 4);
		return;
	}
	skip_u32(c, 2);
	skip_list(c, skip_filename_source);
}

static void skip_transitions(struct cursor *c)
{
	skip_u32(c, (c->version >= VERSION_ROLETRANS ? 4 : 3) * (size_t)read_image_u32(c));
	skip_u32(c, 2 * (size_t)read_image_u32(c)); /* role allow */
	if (c->version >= VERSION_FILENAME_TRANS)
		skip_list(c, skip_filename_trans);
}

static void skip_object_context(struct cursor *c, enum ocontext what)
{
	/* the 32-bit numbers before the name or the context */
	static const unsigned int numbers[OCON_NUM] = {
		[OCON_ISID] = 1,  [OCON_PORT] = 3,  [OCON_NODE] = 2,
		[OCON_FSUSE] = 1, [OCON_NODE6] = 8, [OCON_IBPKEY] = 4,
	};
	uint32_t len;

	skip_u32(c, numbers[what]);
	if (what == OCON_FS || what == OCON_NETIF || what == OCON_FSUSE) {
		skip_name(c);
	} else if (what == OCON_IBENDPORT) {
		len = read_image_u32(c);
		skip_u32(c, 1);
		skip_image_bytes(c, len);
	}
	skip_context(c);
	if (what == OCON_FS || what == OCON_NETIF)
		skip_context(c);
}

static void skip_object_contexts(struct cursor *c, uint32_t kinds)
{
	uint32_t kind, n;

	for (kind = 0; kind < kinds; kind++)
		for (n = read_image_u32(c); n && !c->bad; n--)
			skip_object_context(c, kind);
}

static void skip_genfs_path(struct cursor *c)
{
	skip_name(c);
	skip_u32(c, 1);
	skip_context(c);
}

static void skip_genfs(struct cursor *c)
{
	skip_name(c);
	skip_list(c, skip_genfs_path);
}

static void skip_range_trans(struct cursor *c)
{
	skip_u32(c, 3);
	skip_range(c);
}

/* Returns how many kinds of object contexts the policy has; 0 if this is not a policy. */
static uint32_t read_header(struct cursor *c)
{
	static const char name[] = "SE Linux";
	const uint8_t *text;
	uint32_t symbols, kinds;

	if (read_image_u32(c) != MAGIC || read_image_u32(c) != strlen(name))
		return 0;
	text = skip_image_bytes(c, strlen(name));
	c->version = read_image_u32(c);
	skip_u32(c, 1); /* config: with MLS or not, the layout is the same */
	symbols = read_image_u32(c);
	kinds = read_image_u32(c);
	if (!text || memcmp(text, name, strlen(name)) || symbols != SYM_NUM || kinds > OCON_NUM ||
	    c->version < VERSION_BOUNDARY || c->version > VERSION_COND_XPERMS)
		return 0;
	skip_ebitmap(c); /* policy capabilities */
	skip_ebitmap(c); /* permissive domains */
	return kinds;
}

static int find_tables(struct tables *t, const void *image, size_t len)
{
	struct cursor c = { .at = image, .end = (const uint8_t *)image + len };
	uint32_t kinds = read_header(&c);

	if (!kinds)
		return -EBADMSG;
	skip_symbols(&c, t);
	skip_list(&c, skip_rule);
	skip_list(&c, skip_condition);
	skip_transitions(&c);
	skip_object_contexts(&c, kinds);
	skip_list(&c, skip_genfs);
	skip_list(&c, skip_range_trans);
	t->map = c;
	skip_many(&c, t->n_values, skip_ebitmap);
	return c.bad || c.at != c.end ? -EBADMSG : 0;
}

/* The value of the attribute with this name; 0 if there is none. */
static uint32_t find_attribute(const struct tables *t, const char *name)
{
	struct cursor c = t->types;
	struct attribute_type type;
	size_t len = strlen(name);
	uint32_t i;

	for (i = 0; i < t->n_types; i++) {
		type = read_type(&c);
		if (type.properties & TYPE_ATTRIBUTE && type.len == len &&
		    !memcmp(type.name, name, len))
			return type.value;
	}
	return 0;
}

static bool ebitmap_has(struct cursor *c, uint32_t bit)
{
	bool has = false;
	uint32_t nodes, start;
	uint64_t bits;

	skip_u32(c, 2);
	for (nodes = read_image_u32(c); nodes && !c->bad; nodes--) {
		start = read_image_u32(c);
		bits = read_image_u32(c);
		bits |= (uint64_t)read_image_u32(c) << 32;
		if (bit >= start && bit - start < 64)
			has = bits >> (bit - start) & 1;
	}
	return has;
}

/* Marks the values that carry the attribute, one byte each. */
static uint8_t *mark_values(const struct tables *t, uint32_t attribute)
{
	uint8_t *marked = calloc(t->n_values, 1);
	struct cursor c = t->map;
	uint32_t i;

	for (i = 0; marked && i < t->n_values; i++)
		marked[i] = ebitmap_has(&c, attribute - 1);
	return marked;
}

static int compare_types(const void *a, const void *b)
{
	const struct attribute_type *x = a, *y = b;

	if (x->len != y->len)
		return x->len < y->len ? -1 : 1;
	return memcmp(x->name, y->name, x->len);
}

static int collect_types(struct attribute_types *m, const struct tables *t, const uint8_t *marked)
{
	struct cursor c = t->types;
	struct attribute_type type;
	uint32_t i;

	m->types = calloc(t->n_types, sizeof(*m->types));
	if (!m->types)
		return -ENOMEM;
	for (i = 0; i < t->n_types; i++) {
		type = read_type(&c);
		if (!(type.properties & TYPE_ATTRIBUTE) && type.value - 1 < t->n_values &&
		    marked[type.value - 1])
			m->types[m->n++] = type;
	}
	qsort(m->types, m->n, sizeof(*m->types), compare_types);
	return 0;
}

int attribute_types_open(struct attribute_types *m, const void *image, size_t len,
			 const char *attribute)
{
	struct tables t = { 0 };
	uint32_t value;
	uint8_t *marked;
	int ret;

	*m = (struct attribute_types){ 0 };
	ret = find_tables(&t, image, len);
	if (ret)
		return ret;
	value = find_attribute(&t, attribute);
	if (!value)
		return 0;
	marked = mark_values(&t, value);
	ret = marked ? collect_types(m, &t, marked) : -ENOMEM;
	free(marked);
	return ret;
}

int attribute_types_has(const struct attribute_types *m, const char *type)
{
	const struct attribute_type key = { .name = type, .len = strlen(type) };

	if (!m->types)
		return -ENOENT;
	return bsearch(&key, m->types, m->n, sizeof(key), compare_types) != NULL;
}

void attribute_types_close(struct attribute_types *m)
{
	free(m->types);
	*m = (struct attribute_types){ 0 };
}
