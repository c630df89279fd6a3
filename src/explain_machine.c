// SPDX-License-Identifier: GPL-2.0-only
#include "explain_machine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "advise/allowed.h"
#include "host/client_ports.h"
#include "host/running_policy.h"
#include "load/listing.h"
#include "load/state.h"
#include "plan/print.h"
#include "policy_option.h"
#include "print.h"
#include "selinux/oracle.h"
#include "util/alloc.h"
#include "util/diag.h"

static bool machine_read_plan(struct explain_machine *m, const char *path)
{
	struct diag diag = { 0 };
	int ret = plan_read(path, &m->plan, &diag);

	if (ret)
		print_diag(&diag);
	diag_free(&diag);
	m->world.plan = &m->plan;
	return !ret;
}

/* Has the file that was loaded still the same meaning? Then its lines can be named. */
static bool is_unchanged(const struct load_state *state, struct plan *plan)
{
	struct diag ignored = { 0 };
	char *text = NULL;
	bool same = false;

	if (!plan_read(state->plan_name, plan, &ignored)) {
		text = plan_print_text(plan);
		same = !strcmp(text, state->plan_text);
	}
	if (!same)
		plan_free(plan);
	free(text);
	diag_free(&ignored);
	return same;
}

/* Reads the plan that is loaded. */
static void read_loaded(struct explain_machine *m)
{
	struct load_state state;
	struct diag ignored = { 0 };
	int ret = state_read(&state, &m->plan_err);

	if (!ret && !state.plan_text)
		ret = -ENOENT;
	if (ret == -ENOENT)
		err_set(&m->plan_err, ret, "none is loaded in this network namespace");
	if (!ret && !is_unchanged(&state, &m->plan)) {
		m->plan_name = alloc_copy("the loaded plan, as secmarkctl show prints it");
		ret = plan_parse(m->plan_name, state.plan_text, strlen(state.plan_text), &m->plan,
				 &ignored);
		if (ret)
			err_set(&m->plan_err, ret, "its record cannot be read");
	}
	if (!ret)
		m->world.plan = &m->plan;
	diag_free(&ignored);
	state_clear(&state);
}

static bool explain_open_policy(struct explain_machine *m, const char *file)
{
	struct explain_world *w = &m->world;

	if (!file && !running_policy_is_loaded()) {
		err_set(&m->policy_err, -ENOENT, "no policy is loaded here");
		return true;
	}
	w->port_types = &m->port_types;
	w->oracle = policy_find_whole(file, &m->policy_err);
	if (w->oracle && allowed_open(w->oracle, &w->allowed, &m->policy_err)) {
		oracle_free(w->oracle);
		w->oracle = NULL;
	}
	if (!w->oracle && file)
		print_err(&m->policy_err);
	return w->oracle || !file;
}

static void read_foreign(struct explain_machine *m)
{
	struct listings all = { NULL };
	size_t i;

	/* nobody else may list rules, and libnftables would print that */
	if (geteuid())
		return;
	listings_read(&all);
	for (i = 0; i < all.n; i++) {
		if (!all.v[i].text)
			continue;
		foreign_labels_add(&m->foreign, all.v[i].name, all.v[i].text, all.v[i].len);
		m->world.foreign = &m->foreign;
	}
	listings_free(&all);
}

bool explain_machine_open(struct explain_machine *m, const char *plan, const char *policy,
			  bool here)
{
	if (plan && !machine_read_plan(m, plan))
		return false;
	if (!plan && here)
		read_loaded(m);
	else if (!plan)
		err_set(&m->plan_err, -ENOENT, "name it with --plan");
	m->plan.client_ports = here ? client_ports_read() : (struct port_range)PORTS_OF_CLIENTS;
	m->world.plan_why = m->plan_err.what;
	m->world.policy_why = m->policy_err.what;
	if (!explain_open_policy(m, policy))
		return false;
	if (here)
		read_foreign(m);
	return true;
}

void explain_machine_close(struct explain_machine *m)
{
	allowed_close(m->world.allowed);
	oracle_free(m->world.oracle);
	foreign_labels_free(&m->foreign);
	port_types_free(&m->port_types);
	plan_free(&m->plan);
	free(m->plan_name);
}
