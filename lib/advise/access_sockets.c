// SPDX-License-Identifier: GPL-2.0-only
#include "advise/access_sockets.h"

#include <stdint.h>

#include <sepol/policydb/policydb.h>

#include "selinux/sepol_conditional.h"
#include "util/alloc.h"

/* Sockets with packets of IP (socket_type_to_security_class() in security/selinux/hooks.c). */
static const char *const classes[] = { "socket",      "tcp_socket",  "udp_socket", "rawip_socket",
				       "dccp_socket", "sctp_socket", "icmp_socket" };

#define CLASSES (sizeof(classes) / sizeof(classes[0]))

struct sockets {
	const struct policydb *p;
	uint32_t class[CLASSES]; /* their values; 0: the policy lacks this one */
	uint32_t perms[CLASSES]; /* create and relabelto */
	bool *can;
};

static uint32_t permission(const class_datum_t *class, const char *name)
{
	const perm_datum_t *perm = hashtab_search(class->permissions.table, name);

	if (!perm && class->comdatum)
		perm = hashtab_search(class->comdatum->permissions.table, name);
	return perm && perm->s.value && perm->s.value <= 32 ? UINT32_C(1) << (perm->s.value - 1) :
							      0;
}

static void find_classes(struct sockets *s)
{
	const class_datum_t *class;
	size_t i;

	for (i = 0; i < CLASSES; i++) {
		class = hashtab_search(s->p->p_classes.table, classes[i]);
		if (!class)
			continue;
		s->class[i] = class->s.value;
		s->perms[i] = permission(class, "create") | permission(class, "relabelto");
	}
}

static bool labels_socket(const struct sockets *s, const avtab_key_t *key, uint32_t vector)
{
	size_t i;

	for (i = 0; i < CLASSES; i++)
		if (s->class[i] == key->target_class)
			return key->specified & AVTAB_ALLOWED && vector & s->perms[i];
	return false;
}

static void add_socket_types(struct sockets *s, const avtab_key_t *key, uint32_t vector)
{
	uint32_t target = key->target_type, i;
	ebitmap_node_t *node;

	if (!target || target > s->p->p_types.nprim || !labels_socket(s, key, vector))
		return;
	s->can[target] = true;
	/* cppcheck-suppress unknownMacro ; libsepol has it */
	ebitmap_for_each_positive_bit(&s->p->attr_type_map[target - 1], node, i)
		if (i < s->p->p_types.nprim)
			s->can[i + 1] = true;
}

static void add_socket_list(struct sockets *s, const cond_av_list_t *list)
{
	for (; list; list = list->next)
		add_socket_types(s, &list->node->key, list->node->datum.data);
}

bool *access_sockets_read(const struct policydb *p)
{
	struct sockets s = { .p = p, .can = alloc_zeroed(p->p_types.nprim + 1, sizeof(*s.can)) };
	const struct avtab_node *node;
	const cond_node_t *cond;
	uint32_t i;

	find_classes(&s);
	for (i = 0; i < p->te_avtab.nslot; i++)
		for (node = p->te_avtab.htable[i]; node; node = node->next)
			add_socket_types(&s, &node->key, node->datum.data);
	for (cond = p->cond_list; cond; cond = cond->next) {
		add_socket_list(&s, cond->true_list);
		add_socket_list(&s, cond->false_list);
	}
	return s.can;
}
