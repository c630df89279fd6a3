// SPDX-License-Identifier: GPL-2.0-only
#include "watch.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include <linux/netfilter.h>

#include "backend/backend.h"
#include "base/err.h"
#include "confirm.h"
#include "host/audit_events.h"
#include "load/intact.h"
#include "load/load.h"
#include "load/restore.h"
#include "load/state.h"
#include "nft/table.h"
#include "util/clock.h"
#include "util/hash.h"
#include "xtables/iptc_info.h"

/* Milliseconds. */
#define WATCH_PULSE 500           /* how often the record and the legacy tables are looked at */
#define WATCH_REST 100            /* between two comparisons */
#define WATCH_BUSY 1000           /* until another try while another secmarkctl changes rules */
#define WATCH_LEGACY_PERIOD 10000 /* legacy rules are compared one by one this often */

/* Rules are loaded again this often at once, then once in each pause. A restart of a firewall
 * flushes twice. */
#define WATCH_BURST 8
#define WATCH_BURST_PAUSE 10000

/* Pauses after failures, in seconds; the last one stays. */
static const unsigned int watch_pauses[] = { 1, 2, 4, 8, 10 };

#define WATCH_PAUSES (sizeof(watch_pauses) / sizeof(watch_pauses[0]))

/* After some failures only one in so many is logged. */
#define WATCH_LOG_EVERY 60

/* How a comparison ended; the exit status of the process that made it. Libraries end a process with
 * other numbers: 1 without memory, for one. */
enum watch_outcome {
	WATCH_FINE = 64, /* the rules are loaded, or none should be */
	WATCH_BACK,      /* they are loaded again */
	WATCH_WAIT,      /* another secmarkctl changes rules, or asks for a confirmation */
	WATCH_OTHER,     /* a run was interrupted that was to load something else, or nothing */
	WATCH_FAILED,
};

static const struct nf_table_name watch_tables[] = {
	{ NFPROTO_INET, NFT_TABLE_NAME }, { NFPROTO_IPV4, "security" }, { NFPROTO_IPV4, "mangle" },
	{ NFPROTO_IPV6, "security" },     { NFPROTO_IPV6, "mangle" },   { 0, NULL },
};

static void watch_close_audit(struct watch *w)
{
	if (w->audit >= 0)
		close(w->audit);
	w->audit = -1;
}

void watch_close(struct watch *w)
{
	nf_events_close(&w->nf);
	watch_close_audit(w);
	if (w->suspect != MAP_FAILED)
		munmap(w->suspect, sizeof(*w->suspect));
}

int watch_open(struct watch *w, struct err *err)
{
	int ret;

	*w = (struct watch){ .due = true,
			     .burst = { .size = WATCH_BURST, .pause = WATCH_BURST_PAUSE } };
	/* a kernel without nf_tables has no rules there */
	ret = nf_events_open(&w->nf, watch_tables);
	if (ret && ret != -EPROTONOSUPPORT) {
		err_set(err, ret, "cannot watch nf_tables: %s", strerror(-ret));
		if (ret == -EPERM)
			err_hint(err, "needs root, or CAP_NET_ADMIN");
		return ret;
	}
	w->audit = audit_events_open();
	w->suspect = mmap(NULL, sizeof(*w->suspect), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (w->suspect != MAP_FAILED)
		return 0;
	ret = err_set(err, -errno, "cannot watch: %s", strerror(errno));
	watch_close(w);
	return ret;
}

/* The unit that a process belongs to, if it still runs. */
static void watch_find_unit(struct watch_suspect *s)
{
	char path[32], line[512] = "", *unit, *dot;
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%u/cgroup", s->writer.pid);
	in = fopen(path, "re");
	s->unit[0] = '\0';
	if (!in)
		return;
	while (fgets(line, sizeof(line), in) && strncmp(line, "0::", 3))
		;
	fclose(in);
	line[strcspn(line, "\n")] = '\0';
	unit = strrchr(line, '/');
	dot = unit ? strrchr(unit, '.') : NULL;
	if (dot && (!strcmp(dot, ".service") || !strcmp(dot, ".scope")))
		snprintf(s->unit, sizeof(s->unit), "%s", unit + 1);
}

static void watch_suspect(struct watch *w, const struct rule_writer *writer)
{
	w->suspect->writer = *writer;
	watch_find_unit(w->suspect);
}

/* Has the legacy tables looked at soon. Audit records may come from every namespace, and in any
 * number. */
static void watch_hasten(struct watch *w)
{
	if (w->next_pulse > w->pulse_felt + WATCH_REST)
		w->next_pulse = w->pulse_felt + WATCH_REST;
}

/* Has another plan been loaded since, or none? */
static void watch_read_stamp(struct watch *w)
{
	uint64_t stamp = state_stamp();

	if (stamp == w->stamp)
		return;
	w->stamp = stamp;
	w->legacy = load_recorded_place() == PLACE_LEGACY;
	w->due = true;
}

/* Reads what the kernel has told since. */
static int watch_read_events(struct watch *w, struct err *err)
{
	struct rule_writer writer;
	int ret = w->nf.nl ? nf_events_read(&w->nf, &writer) : 0;

	if (ret < 0)
		return err_set(err, ret, "cannot watch nf_tables: %s", strerror(-ret));
	if (ret) {
		w->due = true;
		watch_suspect(w, &writer);
	}
	ret = w->audit < 0 ? 0 : audit_events_read(w->audit, &writer);
	/* the policy no longer allows it: poll() would not wait any more */
	if (ret < 0)
		watch_close_audit(w);
	if (ret <= 0)
		return 0;
	/* the rules may have been loaded a moment ago */
	watch_read_stamp(w);
	/* it may be about another network namespace: the pulse tells whether tables have changed */
	if (w->legacy) {
		watch_hasten(w);
		watch_suspect(w, &writer);
	}
	return 0;
}

static void watch_name_suspect(const struct watch_suspect *s, char *name, size_t size)
{
	char name_text[80], unit[160];

	if (!s->writer.pid)
		snprintf(name, size, "it is unknown who");
	else
		snprintf(name, size, "%s (process %u%s%s)",
			 err_printable(name_text, sizeof(name_text), s->writer.name), s->writer.pid,
			 *s->unit ? " of " : "", err_printable(unit, sizeof(unit), s->unit));
}

static bool watch_is_silent(const struct watch *w)
{
	return w->failures > WATCH_PAUSES && w->failures % WATCH_LOG_EVERY;
}

/* The rules are not those of the record. */
static enum watch_outcome watch_restore(struct watch *w, const struct state_lock *lock,
					const struct load_state *state)
{
	char who[256], plan[512], text[ERR_TEXT_MAX];
	bool changed;
	struct err err;
	int ret;

	/* who it was may have been told after the comparison began; what is told from now on is our
	 * own work */
	watch_read_events(w, &err);
	ret = restore_lost(lock, state, &changed, &err);
	/* somebody has loaded the same rules anew */
	if (!ret && !changed)
		return WATCH_FINE;
	watch_name_suspect(w->suspect, who, sizeof(who));
	err_printable(plan, sizeof(plan), state->plan_name);
	if (!ret)
		syslog(LOG_WARNING, "%s removed or changed rules of %s: they are loaded again", who,
		       plan);
	else if (!watch_is_silent(w))
		syslog(LOG_ERR,
		       "%s removed or changed rules of %s, and they cannot be loaded again: %s",
		       who, plan, err_text(&err, text));
	return ret ? WATCH_FAILED : WATCH_BACK;
}

/* What such a run has left is for the next one. A try of ours may have begun to load the same, and
 * failed. */
static bool watch_is_other_begun(const struct load_state *state)
{
	struct load_state begun;
	struct err ignored;
	int ret = state_read_begun(&begun, &ignored);
	bool is = ret != -ENOENT && (!begun.plan_text || !state->plan_text ||
				     strcmp(begun.plan_text, state->plan_text));

	state_clear(&begun);
	return is;
}

static enum watch_outcome watch_compare_with(struct watch *w, const struct state_lock *lock,
					     const struct load_state *state, struct err *err)
{
	bool intact;
	int ret;

	if (watch_is_other_begun(state))
		return WATCH_OTHER;
	ret = intact_check(state, &intact, err);
	if (!ret)
		return intact ? WATCH_FINE : watch_restore(w, lock, state);
	syslog(LOG_ERR, "the rules cannot be compared with their record: %s", err->what);
	return WATCH_FAILED;
}

static enum watch_outcome watch_compare(struct watch *w, const struct state_lock *lock)
{
	struct load_state state;
	enum watch_outcome outcome = WATCH_FINE;
	struct err err;
	int ret;

	/* the guard of an unconfirmed plan puts rules back itself */
	if (confirm_none_pending(lock, &err))
		return WATCH_WAIT;
	ret = state_read(&state, &err);
	if (!ret)
		outcome = watch_compare_with(w, lock, &state, &err);
	else if (ret != -ENOENT) {
		syslog(LOG_ERR, "the rules cannot be compared with their record: %s", err.what);
		outcome = WATCH_FAILED;
	}
	state_clear(&state);
	return outcome;
}

static enum watch_outcome watch_compare_locked(struct watch *w)
{
	enum watch_outcome outcome;
	struct state_lock lock;
	struct err err;
	int ret = state_lock(&lock, &err);

	if (ret == -EBUSY)
		return WATCH_WAIT;
	if (ret) {
		syslog(LOG_ERR, "%s", err.what);
		return WATCH_FAILED;
	}
	outcome = watch_compare(w, &lock);
	state_unlock(&lock);
	return outcome;
}

/* What the status of a process of watch_compare_in_child() means. */
static enum watch_outcome watch_outcome_of(const struct watch *w, int status)
{
	bool exited = WIFEXITED(status);

	if (exited && WEXITSTATUS(status) >= WATCH_FINE && WEXITSTATUS(status) <= WATCH_FAILED)
		return WEXITSTATUS(status);
	if (!watch_is_silent(w))
		syslog(LOG_ERR, "the process that compares the rules has ended early: %s %d",
		       exited ? "status" : "signal",
		       exited ? WEXITSTATUS(status) : WTERMSIG(status));
	return WATCH_FAILED;
}

/* In a child: the policy may be another one at each time, what libraries keep must not be older,
 * and a process that runs out of memory must not be the one that watches. */
static enum watch_outcome watch_compare_in_child(struct watch *w)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(watch_compare_locked(w));
	if (pid < 0) {
		if (!watch_is_silent(w))
			syslog(LOG_ERR, "the rules cannot be compared with their record: %s",
			       strerror(errno));
		return WATCH_FAILED;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return watch_outcome_of(w, status);
}

/* After a flood it is slow until a whole burst has been saved up. */
static void watch_slow_down(struct watch *w, int64_t now)
{
	burst_use(&w->burst, now);
	w->not_before = burst_next(&w->burst, now);
	if (w->not_before > now && !w->slow)
		syslog(LOG_WARNING,
		       "the rules are removed again and again: from now on they are loaded again "
		       "only once in %d seconds",
		       WATCH_BURST_PAUSE / 1000);
	w->slow = w->not_before > now;
}

/* Forgets what the kernel has told of a try that failed: it was not made by the one who is to
 * blame.
 */
static void watch_skip_events(struct watch *w)
{
	struct watch_suspect kept = *w->suspect;
	struct err ignored;

	watch_read_events(w, &ignored);
	*w->suspect = kept;
}

/* Returns the pause before the next try. */
static long watch_count_failure(struct watch *w)
{
	size_t i = w->failures++;

	return 1000L * watch_pauses[i < WATCH_PAUSES ? i : WATCH_PAUSES - 1];
}

/* Says once that nothing is done. */
static void watch_tell_other(struct watch *w, enum watch_outcome outcome)
{
	if (outcome == WATCH_OTHER && !w->other)
		syslog(LOG_WARNING,
		       "an apply or remove was interrupted: rules are not loaded again before the "
		       "next one ends");
	if (outcome != WATCH_WAIT && outcome != WATCH_FAILED)
		w->other = outcome == WATCH_OTHER;
}

static void watch_try(struct watch *w)
{
	enum watch_outcome outcome = watch_compare_in_child(w);
	int64_t now = clock_milliseconds(), rest;

	if (outcome == WATCH_FAILED)
		watch_skip_events(w);
	w->due = outcome == WATCH_WAIT || outcome == WATCH_FAILED;
	watch_tell_other(w, outcome);
	w->legacy_since = now;
	w->not_before = now;
	if (outcome == WATCH_FINE)
		*w->suspect = (struct watch_suspect){ 0 };
	if (outcome == WATCH_BACK)
		watch_slow_down(w, now);
	rest = outcome == WATCH_FAILED ? watch_count_failure(w) :
	       outcome == WATCH_WAIT   ? WATCH_BUSY :
					 WATCH_REST;
	if (outcome != WATCH_FAILED)
		w->failures = 0;
	if (w->not_before < now + rest)
		w->not_before = now + rest;
}

/* What nobody tells of: the record, and legacy tables. Others may change nf_tables a thousand times
 * a second, so this has a period of its own. */
static void watch_feel_pulse(struct watch *w, int64_t now)
{
	uint64_t pulse;

	if (now < w->next_pulse)
		return;
	w->pulse_felt = now;
	w->next_pulse = now + WATCH_PULSE;
	watch_read_stamp(w);
	if (!w->legacy)
		return;
	pulse = iptc_info_hash();
	w->due |= pulse != w->pulse || now - w->legacy_since > WATCH_LEGACY_PERIOD;
	w->pulse = pulse;
}

/* Milliseconds until there is something to do that nobody tells of. */
static int watch_wait(const struct watch *w)
{
	int64_t next = w->due && w->not_before < w->next_pulse ? w->not_before : w->next_pulse;
	int64_t wait = next - clock_milliseconds();

	return wait < 0 ? 0 : wait;
}

int watch_serve(struct watch *w, struct err *err)
{
	struct pollfd polled[2] = { { w->nf.nl ? nf_events_fd(&w->nf) : -1, POLLIN, 0 },
				    { -1, POLLIN, 0 } };
	int ret;

	for (;;) {
		ret = watch_read_events(w, err);
		if (ret)
			return ret;
		watch_feel_pulse(w, clock_milliseconds());
		if (w->due && clock_milliseconds() >= w->not_before)
			watch_try(w);
		polled[1].fd = w->audit;
		poll(polled, 2, watch_wait(w));
	}
}
