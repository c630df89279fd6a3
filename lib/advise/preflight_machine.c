// SPDX-License-Identifier: GPL-2.0-only
#include "advise/preflight_machine.h"

#include <netinet/in.h>
#include <stdlib.h>

#include "base/err.h"
#include "host/local_addresses.h"
#include "util/alloc.h"

struct looking {
	struct preflight_machine *m;
	struct err *err; /* of the own namespace */
};

static int look_into(void *arg, const struct net_namespace *ns, size_t number)
{
	struct looking *l = arg;
	struct err ignored;

	(void)ns;
	return sockets_read(&l->m->sockets, number, number ? &ignored : l->err);
}

int preflight_look(struct preflight_machine *m, const char *unlabeled, struct err *err)
{
	struct looking looking = { m, err };
	struct err ignored;
	int ret;

	*m = (struct preflight_machine){ .untold = 0 };
	m->local = alloc_zeroed(1, sizeof(*m->local));
	net_namespaces_find("/proc", "/run/netns", &m->namespaces);
	m->ruled = alloc_zeroed(m->namespaces.n, sizeof(*m->ruled));
	net_namespaces_visit(&m->namespaces, look_into, &looking);
	ret = m->namespaces.v[0].error;
	/* the owners come last: who has a socket by then is who would lose it */
	tracked_sockets_init(&m->tracked, &m->sockets, unlabeled);
	if (!ret)
		m->untold = tracked_sockets_read(&m->tracked, &ignored);
	local_addresses_read(m->local, &ignored);
	socket_owners_read("/proc", &m->owners);
	login_session_read("/proc", &m->session);
	return ret;
}

void preflight_machine_free(struct preflight_machine *m)
{
	tracked_sockets_free(&m->tracked);
	socket_owners_free(&m->owners);
	sockets_free(&m->sockets);
	net_namespaces_free(&m->namespaces);
	if (m->local)
		local_addresses_free(m->local);
	free(m->local);
	free(m->ruled);
	*m = (struct preflight_machine){ .untold = 0 };
}

enum preflight_kind preflight_kind_of(const struct preflight_machine *m,
				      const struct host_socket *s,
				      const struct socket_owner **owner, size_t *n, bool *own)
{
	*owner = socket_owners_find(&m->owners, s->inode, n);
	*own = login_session_has(&m->session, s, &m->owners, *owner, *n);
	if (!s->connected)
		return PREFLIGHT_LISTENER;
	if (s->proto == IPPROTO_TCP && (*own || login_is_sshd(&m->owners, *owner, *n)) &&
	    (login_session_is(&m->session, s) || login_came_in(&m->sockets, s)))
		return PREFLIGHT_LOGIN;
	*own = false;
	return PREFLIGHT_CONNECTION;
}

bool preflight_has_logins(const struct preflight_machine *m)
{
	const struct socket_owner *owner;
	size_t i, n;
	bool own;

	for (i = 0; i < m->sockets.n; i++)
		if (preflight_kind_of(m, &m->sockets.v[i], &owner, &n, &own) == PREFLIGHT_LOGIN)
			return true;
	return false;
}
