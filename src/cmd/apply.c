// SPDX-License-Identifier: GPL-2.0-only
/* apply: load the rules of a plan into this network namespace */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "advise/unlabeled_flows.h"
#include "args.h"
#include "base/err.h"
#include "confirm.h"
#include "host/conntrack.h"
#include "load/backends.h"
#include "load/boot.h"
#include "load/load.h"
#include "load/machine.h"
#include "load/prepare.h"
#include "load/state.h"
#include "logins.h"
#include "plan/print.h"
#include "plan/value.h"
#include "policy/names.h"
#include "policy_option.h"
#include "print.h"
#include "print_flows.h"
#include "promises.h"
#include "selinux/oracle.h"
#include "util/alloc.h"

enum { BACKEND, BOOT, CONFIRM, DRY_RUN, FORCE, POLICY, RESET_FLOWS, VERBOSE };

static const struct cmd_option options[] = {
	[BACKEND] = { "backend", "BACKEND", "nft, iptables, iptables-nft, iptables-legacy or iptc",
		      0 },
	[BOOT] = { "boot", NULL, "load the plan that was confirmed or applied last, as at boot",
		   0 },
	[CONFIRM] = { "confirm", "SECONDS",
		      "put the old rules back unless you confirm the new ones within SECONDS", 0 },
	[DRY_RUN] = { "dry-run", NULL, "print what would be loaded; change nothing", 0 },
	[FORCE] = { "force", NULL, "load the plan even if it cuts off a remote login", 0 },
	[POLICY] = { "policy", "FILE", "with --dry-run: ask this policy instead of the running one",
		     0 },
	[RESET_FLOWS] = { "reset-flows", NULL, "label connections that are older than the rules",
			  0 },
	[VERBOSE] = { "verbose", NULL,
		      "print the backend and why it is used, and older connections", 'v' },
	{ NULL, NULL, NULL, 0 },
};

#define CONFIRM_MAX 86400

struct apply {
	const struct args *args;
	unsigned int confirm; /* seconds; 0: at once */
	struct machine machine;
	struct rules rules;
	const char *path;       /* of the plan */
	struct load_state boot; /* --boot: where the plan at that path comes from, if known */
	struct load_state before, after;
	struct confirm guard;
	bool untracked; /* conntrack knew no connection before the load */
};

static int parse_backend(const struct args *args)
{
	const char *name = args->option[BACKEND];
	char hint[128];
	size_t i;

	if (!name)
		return DONE;
	for (i = 0; backends_names[i]; i++)
		if (!strcmp(backends_names[i], name))
			return DONE;
	plan_suggest(hint, sizeof(hint), name, backends_names);
	return args_fault(args->cmd, name, hint, "unknown backend");
}

static int parse_confirm(struct apply *a)
{
	const char *text = a->args->option[CONFIRM];
	unsigned long seconds;

	if (!text)
		return DONE;
	errno = 0;
	seconds = strtoul(text, NULL, 10);
	if (errno || strspn(text, "0123456789") != strlen(text) || !seconds ||
	    seconds > CONFIRM_MAX)
		return args_fault(a->args->cmd, text, "expected 1 to 86400",
				  "not a number of seconds");
	a->confirm = seconds;
	return DONE;
}

static int parse_path(struct apply *a)
{
	const char *const *given = a->args->option;

	if (!given[BOOT] && !a->args->n)
		return args_fault(a->args->cmd, NULL, NULL, "missing argument: PLAN");
	if (given[BOOT] && a->args->n)
		return args_fault(a->args->cmd, a->args->operand[0], "--boot names the plan",
				  "unexpected argument");
	if (given[BOOT] && given[CONFIRM])
		return args_fault(a->args->cmd, NULL, NULL, "--confirm cannot be used with --boot");
	a->path = given[BOOT] ? BOOT_PLAN : a->args->operand[0];
	return DONE;
}

static int apply_parse(struct apply *a)
{
	const char *const *given = a->args->option;
	int ret = parse_backend(a->args);

	if (!ret)
		ret = parse_path(a);
	if (ret)
		return ret;
	if (given[POLICY] && !given[DRY_RUN])
		return args_fault(a->args->cmd, NULL,
				  "rules are always loaded for the running policy",
				  "--policy needs --dry-run");
	if (given[CONFIRM] && given[DRY_RUN])
		return args_fault(a->args->cmd, NULL, NULL,
				  "--confirm cannot be used with --dry-run");
	if (given[FORCE] && given[DRY_RUN])
		return args_fault(a->args->cmd, NULL, NULL,
				  "--force cannot be used with --dry-run");
	if (given[RESET_FLOWS] && given[DRY_RUN])
		return args_fault(a->args->cmd, NULL, NULL,
				  "--reset-flows cannot be used with --dry-run");
	return parse_confirm(a);
}

/* Chooses --backend, or else the backend of the present rules, or else the one of the boot plan, or
 * else the best one here. */
static int apply_choose(struct apply *a, const struct backend_ops **backend, struct err *err)
{
	const char *why = "chosen with --backend";

	if (a->args->option[BACKEND]) {
		*backend = backends_find(a->args->option[BACKEND], err);
	} else if (a->before.backend && *a->before.backend) {
		why = "it loaded the rules that are here";
		*backend = backends_find(a->before.backend, err);
	} else if (a->boot.backend) {
		why = "it loaded the plan that was confirmed or applied last";
		*backend = backends_find(a->boot.backend, err);
	} else {
		*backend = backends_choose(&a->machine, &why, err);
	}
	if (*backend && a->args->option[VERBOSE])
		fprintf(stderr, "backend %s: %s\n", (*backend)->name, why);
	return *backend ? 0 : -EINVAL;
}

static int apply_build(struct apply *a, struct err *err)
{
	size_t said = a->rules.diag.n;
	const struct backend_ops *backend;
	int ret = apply_choose(a, &backend, err);

	if (!ret)
		ret = rules_build(&a->rules, backend, &a->machine, err);
	print_diag_since(&a->rules.diag, said);
	if (!ret && a->args->option[VERBOSE] && backend->place != PLACE_NFT)
		fprintf(stderr, "targets: %s; the table has %s\n",
			a->machine.module ? "xt_secmark2" : "the kernel's own",
			a->machine.shared ? "other rules" : "no other rules");
	return ret;
}

/* Fills the new record. The name of the plan is absolute, because later commands run elsewhere. */
static void describe_plan(struct apply *a)
{
	char *absolute = !strcmp(a->path, "-") ? NULL : realpath(a->path, NULL);
	const char *name = a->boot.plan_name ? a->boot.plan_name :
			   absolute          ? absolute :
					       a->rules.plan.files[0];

	a->after.plan_text = plan_print_text(&a->rules.plan);
	a->after.plan_name = alloc_text(name, strlen(name));
	a->after.backend = alloc_text(a->rules.built->ops->name, strlen(a->rules.built->ops->name));
	a->after.loaded_at = time(NULL);
	free(absolute);
}

/* Reads the record of the present rules. It is no error if there is none. */
static int read_before(struct apply *a, struct err *err)
{
	int ret;

	print_interrupted();
	ret = state_read(&a->before, err);
	return ret == -ENOENT ? 0 : ret;
}

/* Without a boot plan, the first boot would load the file that has to be confirmed. What is loaded
 * now was confirmed, or it was applied without that. */
static void protect_boot(const struct apply *a)
{
	struct err err;

	if (boot_exists() || !boot_write(&a->before, &err))
		return;
	err_hint(&err, "without it, secmark2.service loads " BOOT_FIRST
		       " at boot, even if you do not confirm");
	fputs("warning: ", stderr);
	print_err(&err);
}

/* Finds what can be put back. Nothing, if somebody has flushed the rules of the record. */
static int find_before(struct apply *a, struct err *err)
{
	unsigned int places;
	struct err ignored;
	const struct backend_ops *backend;
	int ret = machine_in_force(&a->machine, &places, err);

	if (ret)
		return ret;
	if (!places) {
		state_clear(&a->before);
		return 0;
	}
	backend = a->before.plan_text ? backends_find(a->before.backend, &ignored) : NULL;
	if (backend && backend->place & places)
		return 0;
	err_set(err, -ENOENT,
		"the loaded rules cannot be put back: there is no record of their plan");
	err_hint(err, "apply without --confirm, or remove the loaded rules first");
	return -ENOENT;
}

/* Starts the guard, unless nothing will change. */
static int start_guard(struct apply *a, const struct state_lock *lock, struct err *err)
{
	unsigned int places;
	enum backend_state state;
	int ret = machine_compare(&a->machine, a->rules.built, &state, err);

	if (!ret)
		ret = machine_places(&a->machine, &places, err);
	if (ret || (state == BACKEND_SAME && places == a->rules.built->ops->place))
		return ret;
	ret = find_before(a, err);
	if (ret)
		return ret;
	protect_boot(a);
	return confirm_start(&a->guard, lock, a->confirm, &a->before, &a->after, err);
}

static void tell_guard(struct confirm *guard, const struct state_lock *lock, enum load_guard what)
{
	switch (what) {
	case LOAD_GUARD_ARM:
		confirm_arm(guard, lock);
		break;
	case LOAD_GUARD_DISMISS:
		confirm_dismiss(guard, lock);
		break;
	case LOAD_GUARD_ALARM:
		confirm_alarm(guard);
		break;
	case LOAD_GUARD_NONE:
		break;
	}
}

/* The next boot loads what is loaded now, unless that has to be confirmed first. */
static int keep_for_boot(const struct apply *a, struct err *err)
{
	int ret = a->guard.pid || a->boot.plan_name ? 0 : boot_write(&a->after, err);

	if (ret)
		err_hint(err, "the rules are loaded, but the next boot does not load them");
	return ret;
}

/* The plan of --boot was read before this process had the lock. */
static int check_boot_plan(const struct apply *a, struct err *err)
{
	if (!a->args->option[BOOT] || (a->boot.plan_name ? boot_has(&a->boot) : !boot_exists()))
		return 0;
	err_set(err, -EAGAIN, "another plan was applied or confirmed in the meantime");
	err_hint(err, "run the command again");
	return -EAGAIN;
}

static int apply_locked(struct apply *a, const struct state_lock *lock, struct err *err)
{
	struct load_result result = { 0 };
	int ret;

	ret = confirm_none_pending(lock, err);
	if (!ret)
		ret = check_boot_plan(a, err);
	if (!ret)
		ret = read_before(a, err);
	if (!ret)
		ret = apply_build(a, err);
	if (!ret)
		describe_plan(a);
	if (!ret && a->confirm)
		ret = start_guard(a, lock, err);
	if (!ret) {
		a->untracked = conntrack_is_empty();
		ret = load(a->rules.built, &a->machine, lock, &a->after, &result, err);
		tell_guard(&a->guard, lock, load_guard(result.end));
	}
	if (!ret) {
		print_warnings(&result.report);
		print_line(stdout, "%s: %s %s", a->after.plan_name,
			   result.report.changed ? "loaded by" : "already loaded by",
			   a->after.backend);
		ret = keep_for_boot(a, err);
	}
	backend_report_free(&result.report);
	return ret;
}

/* What happens at a reboot is said where it may come next: somebody is locked out, or was nearly.
 */
static void tell_boot(void)
{
	struct load_state kept;
	struct err err;
	int ret;

	if (!boot_is_here())
		return;
	ret = boot_read(&kept, &err);
	if (!ret && kept.plan_text)
		fprintf(stderr,
			"secmarkctl: at boot, the plan that was kept before is loaded: "
			"%s\n",
			kept.plan_name);
	else if (!ret)
		fputs("secmarkctl: at boot, no plan is loaded: none has been confirmed\n", stderr);
	else
		print_err(&err);
	state_clear(&kept);
}

/* Returns true if the new rules stay, now and at boot. */
static bool was_confirmed(struct apply *a)
{
	if (!a->guard.pid)
		return true;
	if (!confirm_wait(&a->guard, a->confirm)) {
		tell_boot();
		return false;
	}
	if (boot_has(&a->after))
		return true;
	fprintf(stderr,
		"secmarkctl: the new rules are confirmed, but the next boot does not load them: "
		"%s was not written\n",
		BOOT_PLAN);
	return false;
}

/* Connection tracking begins to run a moment before the rules label. A session that speaks in that
 * moment would stay without a label. */
static void apply_label_begun(const struct apply *a)
{
	struct unlabeled_flows flows;
	struct err ignored;
	int ret;

	if (!a->untracked)
		return;
	ret = unlabeled_flows_find(&a->rules.plan, a->machine.unlabeled, &flows, &ignored);
	unlabeled_flows_keep_sure(&flows);
	if (!ret && flows.n)
		unlabeled_flows_reset(&flows, &ignored);
	unlabeled_flows_free(&flows);
}

/* A reset may be what keeps the session of the answer alive, so it comes before the question. A
 * count does not delay it. */
static bool settle(struct apply *a)
{
	bool reset = a->args->option[RESET_FLOWS], list = a->args->option[VERBOSE], ok = true;

	apply_label_begun(a);
	if (reset)
		ok = print_flows_settle(&a->rules.plan, a->machine.unlabeled, reset, list);
	if (!was_confirmed(a))
		return false;
	if (!reset)
		ok = print_flows_settle(&a->rules.plan, a->machine.unlabeled, reset, list);
	return ok;
}

static int apply_rules(struct apply *a)
{
	struct state_lock lock;
	struct err err;
	bool told = true;
	int ret = state_lock(&lock, &err);

	if (!ret) {
		ret = apply_locked(a, &lock, &err);
		/* before state_unlock() lets a held signal end this process */
		told = print_flush();
		state_unlock(&lock);
	}
	if (ret) {
		print_err(&err);
		return FAILED;
	}
	return settle(a) && told ? DONE : FAILED;
}

/* At boot, nobody has logged in. */
static int apply_after_preflight(struct apply *a)
{
	const char *const *given = a->args->option;

	struct logins_question q = { .unlabeled = a->machine.unlabeled,
				     .reset = given[RESET_FLOWS],
				     .must = !given[FORCE] && !given[CONFIRM] };
	unsigned int places = 0;
	struct err ignored;

	if (given[BOOT])
		return apply_rules(a);
	q.in_force = !machine_in_force(&a->machine, &places, &ignored) && places;
	if (!logins_survive(&a->rules.plan, &q))
		return FAILED;
	return apply_rules(a);
}

/* Takes no lock, and does without the record if it cannot be read. */
static int dry_run(struct apply *a)
{
	struct err err;
	int ret;

	state_read(&a->before, &err);
	ret = apply_build(a, &err);
	if (ret)
		print_err(&err);
	else
		rules_print(&a->rules, stdout);
	return ret ? FAILED : DONE;
}

/* Finds the plan of --boot. The first boot has none: it loads the one that was installed. */
static int find_boot_plan(struct apply *a)
{
	struct err err;
	int ret = boot_read(&a->boot, &err);

	if (ret == -ENOENT)
		a->path = BOOT_FIRST;
	else if (!ret && !a->boot.plan_text) {
		ret = -ENODATA;
		err_set(&err, ret, "no plan has been confirmed, so none is loaded");
		err_hint(&err, "secmarkctl apply PLAN loads one, now and at each boot");
	}
	if (ret && ret != -ENOENT) {
		print_err(&err);
		return FAILED;
	}
	if (!ret && boot_plan_changed(&a->boot))
		fprintf(stderr,
			"secmarkctl: warning: %s has changed since it was applied: the changes are "
			"not loaded (secmarkctl apply %s loads them)\n",
			a->boot.plan_name, a->boot.plan_name);
	return DONE;
}

/* Reads the plan, and prints all that is wrong with it. Returns whether it can be loaded. */
static bool apply_read_plan(struct apply *a, struct oracle *oracle)
{
	struct err err;
	int ret = rules_read(&a->rules, a->path, oracle, &err);

	/* The lines without errors too, as check does. At boot, only a warning: without rules, the
	 * kernel would check no packet at all. */
	if (!ret || ret == -EINVAL) {
		if (!a->args->option[BOOT])
			policy_names_check(&a->rules.plan, POLICY_CIL, &a->rules.diag);
		promises_judge(&a->rules.plan, a->args->option[POLICY], !a->args->option[BOOT],
			       &a->rules.diag);
	}
	print_refusal(&a->rules.diag, &err);
	return !ret && !a->rules.diag.errors;
}

static int apply_run(const struct args *args)
{
	struct apply a = { .args = args };
	struct oracle *oracle;
	int ret = apply_parse(&a);

	if (!ret && args->option[BOOT])
		ret = find_boot_plan(&a);
	oracle = ret ? NULL : policy_open(args->option[POLICY]);
	if (!oracle) {
		state_clear(&a.boot);
		return ret ? ret : FAILED;
	}
	machine_init(&a.machine, oracle);
	ret = FAILED;
	if (apply_read_plan(&a, oracle))
		ret = args->option[DRY_RUN] ? dry_run(&a) : apply_after_preflight(&a);
	rules_free(&a.rules);
	machine_free(&a.machine);
	state_clear(&a.boot);
	state_clear(&a.before);
	state_clear(&a.after);
	oracle_free(oracle);
	return ret;
}

const struct cmd cmd_apply = {
	.name = "apply",
	.operands = "[PLAN]",
	.help = "load the rules of a plan",
	.options = options,
	.max = 1,
	.run = apply_run,
};
