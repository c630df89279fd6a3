// SPDX-License-Identifier: GPL-2.0-only
#include "preflight_namespaces.h"

#include "advise/preflight.h"
#include "load/state.h"

void preflight_namespaces_mark(struct preflight_machine *m)
{
	size_t i;

	for (i = 1; i < m->namespaces.n; i++)
		m->ruled[i] = m->namespaces.v[i].cookie && state_exists(m->namespaces.v[i].cookie);
}
