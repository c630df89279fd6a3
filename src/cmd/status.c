// SPDX-License-Identifier: GPL-2.0-only
/* status: show what labels packets on this machine, and what checks them */
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <selinux/selinux.h>

#include "args.h"
#include "backend/backend.h"
#include "base/err.h"
#include "base/file.h"
#include "dump/count_rules.h"
#include "facts.h"
#include "host/kernel_module.h"
#include "host/nf_tables.h"
#include "host/running_policy.h"
#include "load/backends.h"
#include "load/state.h"
#include "loaded_plan.h"
#include "nft/listing.h"
#include "print_status.h"
#include "util/json.h"
#include "xtables/compat_table.h"
#include "xtables/iptc_ops.h"
#include "xtables/iptc_table.h"

#define SELINUX_MNT "/sys/fs/selinux"

enum { JSON };

static const struct cmd_option options[] = {
	[JSON] = { "json", NULL, "print it as JSON", 0 },
	{ NULL, NULL, NULL, 0 },
};

/* Where label rules can be. iptables-save and iptables-nft-save fail if others have added rules
 * that they do not know. So libiptc reads the legacy tables, nf_tables is asked itself for what
 * iptables-nft keeps, and libnftables for the rest. */
static const struct source {
	const char *name;
	const struct iptc_ops *legacy;
	int family; /* of nf_tables */
} sources[] = {
	{ "iptables-legacy", &iptc_families[0], 0 },
	{ "ip6tables-legacy", &iptc_families[1], 0 },
	{ "iptables-nft", NULL, AF_INET },
	{ "ip6tables-nft", NULL, AF_INET6 },
	{ "nft", NULL, 0 },
};

#define SOURCES (sizeof(sources) / sizeof(sources[0]))

static void add_selinux(struct facts *facts)
{
	static const char section[] = "selinux";
	char *name = NULL;
	int mode;

	if (!running_policy_is_loaded()) {
		facts_add(facts, section, "mode", json_string("disabled"));
		return;
	}
	mode = security_getenforce();
	if (mode < 0) {
		facts_add_unknown(facts, section, "mode", running_policy_excuse(-errno));
		return;
	}
	facts_add(facts, section, "mode", json_string(mode ? "enforcing" : "permissive"));
	if (selinux_getpolicytype(&name) == 0)
		facts_add(facts, section, "policy", text_to_json(name));
	else
		facts_add_unknown(facts, section, "policy", "/etc/selinux/config does not name it");
	free(name);
	facts_add(facts, section, "policy_version", json_integer(security_policyvers()));
	facts_add(facts, section, "mls", json_boolean(is_selinux_mls_enabled() > 0));
}

static void add_capability(struct facts *facts, const char *name)
{
	static const char section[] = "packet_checks";
	char path[256], *data;
	struct err err;
	size_t len;

	snprintf(path, sizeof(path), SELINUX_MNT "/policy_capabilities/%s", name);
	if (file_read(path, &data, &len, &err)) {
		facts_add_unknown(facts, section, name, err.what);
		return;
	}
	facts_add(facts, section, name, json_boolean(len && *data == '1'));
	free(data);
}

static void add_modules(struct facts *facts)
{
	static const char *const names[] = {
		"xt_SECMARK",     "xt_CONNSECMARK",  "xt_secmark2",      "nf_conntrack",
		"nf_tables",      "nft_compat",      "iptable_security", "ip6table_security",
		"iptable_mangle", "ip6table_mangle",
	};
	enum kernel_module_state state;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		state = kernel_module_state(names[i]);
		if (state == KERNEL_MODULE_UNKNOWN)
			facts_add_unknown(facts, "modules", names[i],
					  "/lib/modules has no list of this kernel's modules");
		else
			facts_add(facts, "modules", names[i],
				  json_string(kernel_module_state_name(state)));
	}
}

/* Reads the names in a file of the kernel, one on each line. */
static json_t *read_names(const char *path, struct err *err)
{
	char *data, *rest, *name;
	json_t *names;
	size_t len;
	int ret = file_read(path, &data, &len, err);

	if (ret == -ENOENT)
		return json_array();
	if (ret)
		return NULL;
	names = json_array();
	rest = len ? data : NULL;
	if (len)
		data[len - 1] = '\0';
	while ((name = strsep(&rest, "\n")))
		if (*name)
			json_array_append_new(names, text_to_json(name));
	free(data);
	return names;
}

static void add_tables(struct facts *facts, const char *name, const char *path)
{
	struct err err;
	json_t *names = read_names(path, &err);

	if (names)
		facts_add(facts, "tables", name, names);
	else
		facts_add_unknown(facts, "tables", name, err.what);
}

static void add_command(struct facts *facts)
{
	struct err err;
	const struct backend_ops *b = backends_find("iptables", &err);

	if (b)
		facts_add(facts, "tables", "iptables_command",
			  json_string(b->place == PLACE_COMPAT ? "nft" : "legacy"));
	else
		facts_add_unknown(facts, "tables", "iptables_command", err.what);
}

/* Adds the plan that apply loaded, and the backend that loaded it or would be used. */
static void add_plan(struct facts *facts)
{
	static const char section[] = "plan";
	struct loaded_plan p;
	struct load_state begun;
	struct err err, ignored;
	const struct backend_ops *b;
	int ret;

	loaded_plan_read(&p);
	b = p.read ? backends_expect(&ignored) : NULL;
	if (!p.read)
		facts_add(facts, section, "loaded", text_to_json(p.record.plan_name));
	else if (p.read == -ENOENT)
		facts_add(facts, section, "loaded", json_array());
	else
		facts_add_unknown(facts, section, "loaded", p.read_err.what);
	facts_add(facts, section, "backend", text_to_json(b ? b->name : p.record.backend));
	if (p.missing_ret)
		facts_add_unknown(facts, section, "missing", p.missing_err.what);
	else
		facts_add(facts, section, "missing", json_boolean(p.missing));
	ret = state_read_begun(&begun, &err);
	if (ret == 0 || ret == -ENOENT)
		facts_add(facts, section, "interrupted", json_boolean(ret == 0));
	else
		facts_add_unknown(facts, section, "interrupted", err.what);
	loaded_plan_free(&p);
	state_clear(&begun);
}

static int count_nf_tables(int family, struct rule_counts *n, struct err *err)
{
	struct nf_table all = { .family = family };
	int ret = nf_tables_read(&all);
	size_t i;

	for (i = 0; i < all.n_rules; i++)
		count_rules_one(all.rules[i].chain, all.rules[i].target, n);
	nf_tables_free(&all);
	if (ret == -EINTR)
		return err_set(err, ret, "nf_tables: others change rules all the time; try again");
	return ret ? err_set(err, ret, "nf_tables: %s", strerror(-ret)) : 0;
}

static int count_nft(struct rule_counts *n, struct err *err)
{
	char *text;
	int ret = nft_listing_read(&text, err);

	if (!ret && count_rules_nft(text, strlen(text), n))
		ret = err_set(err, -EINVAL, "the output of libnftables cannot be parsed");
	free(text);
	return ret;
}

static int count_in_table(const struct iptc_ops *ops, const char *table, struct rule_counts *n,
			  struct err *err)
{
	struct iptc_table t = { ops, table, NULL };
	const char *chain;
	const void *rule;
	int ret = iptc_table_open(&t, err);

	if (ret)
		return ret;
	for (chain = ops->first_chain(t.h); chain; chain = ops->next_chain(t.h))
		for (rule = ops->first_rule(chain, t.h); rule; rule = ops->next_rule(rule, t.h))
			count_rules_one(chain, ops->target(rule, t.h), n);
	iptc_table_close(&t);
	return 0;
}

static bool has_name(const json_t *names, const char *name)
{
	size_t i;

	for (i = 0; i < json_array_size(names); i++)
		if (!strcmp(json_string_value(json_array_get(names, i)), name))
			return true;
	return false;
}

/* A table that nobody has used yet is not read, because reading creates it. */
static int count_legacy(const struct iptc_ops *ops, struct rule_counts *n, struct err *err)
{
	json_t *names = read_names(ops->names, err);
	int ret = names ? 0 : -EACCES;
	size_t table;

	for (table = 0; table < COMPAT_TABLES && !ret; table++)
		if (has_name(names, compat_tables[table]))
			ret = count_in_table(ops, compat_tables[table], n, err);
	json_decref(names);
	return ret;
}

static int count_rules(const struct source *s, struct rule_counts *n, struct err *err)
{
	enum kernel_module_state state;

	if (s->legacy)
		return count_legacy(s->legacy, n, err);
	state = kernel_module_state("nf_tables");
	if (state != KERNEL_MODULE_LOADED && state != KERNEL_MODULE_BUILTIN &&
	    state != KERNEL_MODULE_UNKNOWN)
		return 0;
	return s->family ? count_nf_tables(s->family, n, err) : count_nft(n, err);
}

/* Adds the number of label rules of each source. */
static void add_rules(struct facts *facts)
{
	struct rule_counts n[SOURCES] = { { 0, 0 } };
	struct err err[SOURCES];
	bool known[SOURCES];
	size_t i;

	for (i = 0; i < SOURCES; i++) {
		known[i] = !count_rules(&sources[i], &n[i], &err[i]);
		if (known[i])
			facts_add(facts, "our_label_rules", sources[i].name,
				  json_integer(n[i].ours));
		else
			facts_add_unknown(facts, "our_label_rules", sources[i].name, err[i].what);
	}
	for (i = 0; i < SOURCES; i++) {
		if (known[i])
			facts_add(facts, "other_label_rules", sources[i].name,
				  json_integer(n[i].others));
		else
			facts_add_unknown(facts, "other_label_rules", sources[i].name, err[i].what);
	}
}

static bool is_missing(const struct facts *facts)
{
	const struct fact *f = facts_find(facts, "plan", "missing");

	return f && json_is_true(f->value);
}

static int status_run(const struct args *args)
{
	struct facts facts = { 0 };
	bool missing;

	add_selinux(&facts);
	add_capability(&facts, "always_check_network");
	add_capability(&facts, "network_peer_controls");
	add_modules(&facts);
	add_command(&facts);
	add_tables(&facts, "legacy_ipv4", "/proc/net/ip_tables_names");
	add_tables(&facts, "legacy_ipv6", "/proc/net/ip6_tables_names");
	add_plan(&facts);
	add_rules(&facts);
	if (args->option[JSON])
		facts_print_json(&facts);
	else
		status_print(&facts);
	missing = is_missing(&facts);
	facts_free(&facts);
	return missing ? FAILED : DONE;
}

const struct cmd cmd_status = {
	.name = "status",
	.operands = "",
	.help = "show what labels packets here, and what checks them",
	.options = options,
	.run = status_run,
};
