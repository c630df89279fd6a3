// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a table is known again: after a load its fingerprint is taken, as the kernel has it, and that
 * goes into the table itself, together with a hash of the text: as the comment of a chain that
 * nothing leads to, the seal. Where the process is killed before that the rules are good, but not
 * known, and would be loaded once more.
 */
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

#include "base/err.h"
#include "nft/fingerprint.h"
#include "nft/table.h"
#include "util/alloc.h"

#define SEAL_HASHES "secmark2 %016" PRIx64 " %016" PRIx64

static size_t line_len(const char *text)
{
	return strcspn(text, "\n");
}

/* Of what libnftables says, "FILE:LINE:COLUMNS: Error: WHAT" and more, the first line counts:
 * others follow from it. */
static int refused(struct nft_ctx *nft, const char *doing, struct err *err)
{
	const char *said = nft_ctx_get_error_buffer(nft), *what = strstr(said, "Error: ");
	int code = strstr(said, strerror(EPERM)) ? -EPERM : -EIO;

	what = what ? what + strlen("Error: ") : said;
	err_set(err, code, "cannot %s the nft table " NFT_TABLE ": %.*s", doing,
		(int)line_len(what), what);
	if (code == -EPERM)
		err_hint(err, "it takes root, or CAP_NET_ADMIN");
	return code;
}

/* A context whose output is kept. */
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

/* The line behind the error: the one that it is about. */
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
 * Where is the error? Of a text in memory libnftables quotes the first line, whichever the error is
 * about; of a file the right one. So the text is tried once more, as a file: without changing
 * anything, and without a complaint where there can be no such file.
 */
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
static int change(const char *text, const char *doing, struct err *err)
{
	struct nft_ctx *nft;
	int ret = open_nft(&nft, doing, err);

	if (ret)
		return ret;
	if (nft_run_cmd_from_buffer(nft, text))
		ret = refused(nft, doing, err);
	nft_ctx_free(nft);
	if (ret == -EIO)
		find_error(text, err);
	return ret;
}

/* Has nobody but us changed rules since then? */
static bool only_ours(uint32_t before)
{
	uint32_t now;

	return !nft_print_generation(&now) && now == before + 1;
}

/*
 * Whether it works or not, the rules are loaded. Where others have changed some meanwhile it is not
 * even tried: what they have made of ours would be known as ours.
 */
static void seal(const char *text, uint32_t before)
{
	struct nft_print print;
	char command[192];
	struct err err;

	if (!only_ours(before) || nft_print_take(&print) || !print.exists || !only_ours(before))
		return;
	snprintf(command, sizeof(command),
		 "add chain " NFT_TABLE " " NFT_SEAL " { comment \"" SEAL_HASHES "\"; }",
		 nft_print_text(text), print.hash);
	change(command, "seal", &err);
}

int backend_nft_load(const char *text, struct err *err)
{
	uint32_t before = 0;
	int ret;

	/* without nf_tables loading says why */
	nft_print_generation(&before);
	ret = change(text, "load", err);
	if (!ret)
		seal(text, before);
	return ret;
}

int backend_nft_remove(struct err *err)
{
	/* what has just been added can be deleted, whether or not it was there before */
	return change("add table " NFT_TABLE "\ndelete table " NFT_TABLE "\n", "remove", err);
}

/* nfnetlink has EINVAL for a subsystem that it does not know (net/netfilter/nfnetlink.c), and may
 * be missing itself. */
static const char *reason(int code)
{
	return code == -EINVAL || code == -EPROTONOSUPPORT ? "the kernel has no nf_tables" :
							     strerror(-code);
}

int backend_nft_loaded(const char *text, enum backend_state *state, struct err *err)
{
	struct nft_print print;
	char seal[sizeof(print.seal)];
	int ret = nft_print_take(&print);

	/* somebody changes rules: of what there was while we looked, nothing can be said */
	if (ret && ret != -EINTR) {
		err_set(err, ret, "cannot read the nft table " NFT_TABLE ": %s", reason(ret));
		if (ret == -EPERM)
			err_hint(err, "it takes root, or CAP_NET_ADMIN");
		return ret;
	}
	snprintf(seal, sizeof(seal), SEAL_HASHES, nft_print_text(text), print.hash);
	*state = ret                       ? BACKEND_OTHER :
		 !print.exists             ? BACKEND_ABSENT :
		 !strcmp(print.seal, seal) ? BACKEND_SAME :
					     BACKEND_OTHER;
	return 0;
}
