// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a table is recognized: after a load, the fingerprint of the table in the kernel goes into the
 * table itself, together with a hash of the text. They are the comment of a chain that no rule
 * leads to, the seal. If the process is killed before it adds the seal, the rules work, but are not
 * recognized, and the next load replaces them. */
#include "nft/backend_libnftables.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <nftables/libnftables.h>

#include "backend/machine.h"
#include "base/err.h"
#include "host/nf_tables.h"
#include "nft/fingerprint.h"
#include "nft/ruleset.h"
#include "nft/table.h"
#include "util/alloc.h"
#include "util/hash.h"

#define SEAL_HASHES "secmark2 %016" PRIx64 " %016" PRIx64

static size_t line_len(const char *text)
{
	return strcspn(text, "\n");
}

/* libnftables says "FILE:LINE:COLUMNS: Error: WHAT", and more. Only the first line counts, because
 * the others are consequences of it. */
static int libnftables_refused(struct nft_ctx *nft, const char *doing, struct err *err)
{
	const char *said = nft_ctx_get_error_buffer(nft), *what = strstr(said, "Error: ");
	int code = strstr(said, strerror(EPERM)) ? -EPERM : -EIO;

	what = what ? what + strlen("Error: ") : said;
	err_set(err, code, "cannot %s the nft table " NFT_TABLE ": %.*s", doing,
		(int)line_len(what), what);
	if (code == -EPERM)
		err_hint(err, "needs root, or CAP_NET_ADMIN");
	return code;
}

/* A context that keeps its output. */
static int open_nft(struct nft_ctx **nft, const char *doing, struct err *err)
{
	*nft = nft_ctx_new(NFT_CTX_DEFAULT);
	if (!*nft || nft_ctx_buffer_output(*nft) || nft_ctx_buffer_error(*nft)) {
		err_set(err, -ENOMEM,
			"cannot %s the nft table " NFT_TABLE ": libnftables does not start", doing);
		if (*nft)
			nft_ctx_free(*nft);
		return -ENOMEM;
	}
	return 0;
}

/* The line after the error: it quotes the text that the error is about. */
static void hint_at_line(const char *said, struct err *err)
{
	const char *line = strstr(said, "Error: ");
	char quoted[160], *copy;

	line = line ? line + line_len(line) : "";
	line += strspn(line, "\n \t");
	if (!line_len(line))
		return;
	copy = alloc_text(line, line_len(line));
	err_hint(err, "nft was at '%s'%s", err_quote(quoted, sizeof(quoted), copy),
		 strncmp(copy, "secmark ", strlen("secmark ")) ? "" :
								 "; the kernel's log may say what "
								 "is wrong with it");
	free(copy);
}

/*
 * Where is the error? For a text in memory libnftables always quotes the first line, for a file the
 * right one. So this tries the text once more as a file, without changing anything. If such a file
 * cannot be made, nothing is said. */
static void find_error(const char *text, struct err *err)
{
	int fd = memfd_create("secmark2", MFD_CLOEXEC);
	struct nft_ctx *nft;
	const char *said;
	struct err ignored;
	char path[32];

	if (fd < 0)
		return;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (write(fd, text, strlen(text)) == (ssize_t)strlen(text) &&
	    !open_nft(&nft, "check", &ignored)) {
		nft_ctx_set_dry_run(nft, true);
		if (nft_run_cmd_from_filename(nft, path)) {
			/* which empties it */
			said = nft_ctx_get_error_buffer(nft);
			if (!strncmp(said, path, strlen(path)))
				hint_at_line(said, err);
		}
		nft_ctx_free(nft);
	}
	close(fd);
}

/* Runs a transaction in a context of its own. */
static int libnftables_change(const char *text, const char *doing, struct err *err)
{
	struct nft_ctx *nft;
	int ret = open_nft(&nft, doing, err);

	if (ret)
		return ret;
	if (nft_run_cmd_from_buffer(nft, text))
		ret = libnftables_refused(nft, doing, err);
	nft_ctx_free(nft);
	if (ret == -EIO)
		find_error(text, err);
	return ret;
}

/* The kernel says whether it would take the rule. The chain of the rule has no hook. */
const char *nft_lacks_fib(void)
{
	static const char probe[] = "add table inet secmark2-probe\n"
				    "add chain inet secmark2-probe probe\n"
				    "add rule inet secmark2-probe probe fib daddr type local\n";
	struct nft_ctx *nft;
	struct err ignored;
	bool lacks;

	if (open_nft(&nft, "check", &ignored))
		return NULL;
	nft_ctx_set_dry_run(nft, true);
	lacks = nft_run_cmd_from_buffer(nft, probe) &&
		strstr(nft_ctx_get_error_buffer(nft), strerror(ENOENT));
	nft_ctx_free(nft);
	return lacks ? "the kernel has no expression 'fib': CONFIG_NFT_FIB_INET" : NULL;
}

/* Did only this process change rules since then? */
static bool only_ours(uint32_t before)
{
	uint32_t now;

	return !nf_tables_generation(&now) && now == before + 1;
}

/*
 * Reads the table a second time in this run: its fingerprint covers what the kernel makes of the
 * text, down to handles, and that exists only after the load. Whether sealing works or not, the
 * rules are loaded. If others changed rules since the load, it adds no seal: that would make their
 * changes look like ours. */
static void seal_table(const char *text, uint32_t before)
{
	struct nft_fingerprint print;
	char command[192];
	struct err err;

	if (!only_ours(before) || nft_fingerprint_take(&print) || !print.exists ||
	    !only_ours(before))
		return;
	snprintf(command, sizeof(command),
		 "add chain " NFT_TABLE " " NFT_SEAL " { comment \"" SEAL_HASHES "\"; }",
		 hash_text(text), print.hash);
	libnftables_change(command, "seal", &err);
}

struct nft_seen {
	struct seen seen;
	bool torn; /* somebody changed rules while they were read */
	struct nft_fingerprint print;
};

static struct nft_built *nft_built_of(const struct built *b)
{
	return (struct nft_built *)b;
}

/* How often a table is read anew that changes while it is read. */
#define LOOKS 5

static const struct nft_seen *nft_seen_of(const struct seen *seen)
{
	return (const struct nft_seen *)seen;
}

/* nfnetlink answers EINVAL for a subsystem that it does not know (net/netfilter/nfnetlink.c), and
 * may be missing itself. */
static const char *nf_tables_reason(int code)
{
	return code == -EINVAL || code == -EPROTONOSUPPORT ? "the kernel has no nf_tables" :
							     strerror(-code);
}

static int nft_look(const struct backend_ops *self, struct seen **seen, struct err *err)
{
	struct nft_seen *s = alloc_zeroed(1, sizeof(*s));
	int ret, tries = 0;

	/* somebody changed rules while they were read: the answer is kept, so it has to be good */
	do {
		ret = nft_fingerprint_take(&s->print);
	} while (ret == -EINTR && ++tries < LOOKS);
	s->seen.ops = self;
	s->torn = ret == -EINTR;
	if (!ret || s->torn) {
		*seen = &s->seen;
		return 0;
	}
	free(s);
	err_set(err, ret, "cannot read the nft table " NFT_TABLE ": %s", nf_tables_reason(ret));
	if (ret == -EPERM)
		err_hint(err, "needs root, or CAP_NET_ADMIN");
	return ret;
}

static bool nft_present(const struct seen *seen)
{
	return nft_seen_of(seen)->torn || nft_seen_of(seen)->print.exists;
}

static bool nft_in_force(const struct seen *seen)
{
	return nft_seen_of(seen)->torn || nft_seen_of(seen)->print.any_rule;
}

static enum backend_state nft_compare(const struct seen *seen, const struct built *b)
{
	const struct nft_seen *s = nft_seen_of(seen);
	char seal[sizeof(s->print.seal)];

	if (!nft_present(seen))
		return BACKEND_ABSENT;
	snprintf(seal, sizeof(seal), SEAL_HASHES, hash_text(nft_built_of(b)->text), s->print.hash);
	return !s->torn && !strcmp(s->print.seal, seal) ? BACKEND_SAME : BACKEND_OTHER;
}

static void nft_forget(struct seen *seen)
{
	free(seen);
}

/* Without a seal only a loss is noticed, see seal_table(). */
static int nft_sealed(bool *sealed, struct err *err)
{
	char hash[sizeof(" 0123456789abcdef")];
	const struct nft_seen *s;
	struct seen *seen;
	size_t len;
	int ret = nft_look(&backend_nft, &seen, err);

	if (ret)
		return ret;
	s = nft_seen_of(seen);
	len = strlen(s->print.seal);
	snprintf(hash, sizeof(hash), " %016" PRIx64, s->print.hash);
	*sealed = nft_in_force(seen) && (s->torn || len < strlen(hash) ||
					 !strcmp(s->print.seal + len - strlen(hash), hash));
	nft_forget(seen);
	return 0;
}

static int nft_build(const struct backend_ops *self, const struct dispatch *d,
		     const struct machine *m, struct built **b, struct diag *diag, struct err *err)
{
	const struct nft_ruleset_opts opts = {
		.unlabeled = m->may_unlabel == 1 ? m->unlabeled : NULL,
		.vrfs = (const char(*)[IFNAMSIZ])m->vrfs,
		.n_vrfs = m->n_vrfs,
		.no_fib = m->no_forward,
	};
	char *text;
	int ret = nft_ruleset_write(d, &opts, &text, err);
	struct nft_built *made;

	(void)diag;
	if (ret)
		return ret;
	made = alloc_zeroed(1, sizeof(*made));
	*made = (struct nft_built){ { self }, text };
	*b = &made->built;
	return 0;
}

static void nft_show(const struct built *b, FILE *out)
{
	fputs(nft_built_of(b)->text, out);
}

static void nft_free(struct built *b)
{
	if (b)
		free(nft_built_of(b)->text);
	free(b);
}

static int nft_is_loaded(const struct built *b, const struct seen *seen, bool *is, struct err *err)
{
	struct seen *own = NULL;
	int ret = seen ? 0 : nft_look(b->ops, &own, err);

	if (!ret)
		*is = nft_compare(seen ? seen : own, b) == BACKEND_SAME;
	nft_forget(own);
	return ret;
}

static int nft_load(const struct built *b, const struct seen *seen, struct backend_report *report,
		    struct err *err)
{
	uint32_t before = 0;
	bool is;
	int ret = nft_is_loaded(b, seen, &is, err);

	if (ret || is)
		return ret;
	/* without nf_tables, the load fails and says why */
	nf_tables_generation(&before);
	ret = libnftables_change(nft_built_of(b)->text, "load", err);
	if (!ret)
		seal_table(nft_built_of(b)->text, before);
	report->changed = !ret;
	return ret;
}

static int nft_remove(const struct backend_ops *self, const struct seen *seen,
		      struct backend_report *report, struct err *err)
{
	/* adding the table first lets the deletion succeed if there was none */
	int ret = libnftables_change("add table " NFT_TABLE "\ndelete table " NFT_TABLE "\n",
				     "remove", err);

	(void)self;
	(void)seen;
	report->changed = !ret;
	return ret;
}

const struct backend_ops backend_nft = {
	.name = "nft",
	.place = PLACE_NFT,
	.build = nft_build,
	.print = nft_show,
	.free = nft_free,
	.look = nft_look,
	.present = nft_present,
	.in_force = nft_in_force,
	.compare = nft_compare,
	.forget = nft_forget,
	.sealed = nft_sealed,
	.load = nft_load,
	.remove = nft_remove,
};
