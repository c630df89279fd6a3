// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a table is known again: what nft lists is not what it was given, and differs from version to version. So
 * after a load the table is listed, and a hash of that goes into the table itself, together with one of the text: as
 * the comment of a chain that nothing leads to, the seal. Where the process is killed before that the rules are good,
 * but not known, and would be loaded once more.
 */
#include "backend_nft.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <nftables/libnftables.h>

#include "alloc.h"
#include "err.h"
#include "nft_table.h"

#define SEAL_CHAIN "loaded"
#define SEAL_HASHES "secmark2 %016" PRIx64 " %016" PRIx64
#define SEAL_MAX 64

/* FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/: it has to tell apart what people do, not forgeries. */
static uint64_t hash(uint64_t h, const char *text, size_t len)
{
	while (len--)
		h = (h ^ (unsigned char)*text++) * UINT64_C(0x100000001b3);
	return h;
}

static uint64_t hash_text(const char *text)
{
	return hash(UINT64_C(0xcbf29ce484222325), text, strlen(text));
}

static size_t line_len(const char *text)
{
	return strcspn(text, "\n");
}

/* Of what libnftables says, "FILE:LINE:COLUMNS: Error: WHAT" and more, the first line counts: others follow from it. */
static int refused(struct nft_ctx *nft, const char *doing, struct err *err)
{
	const char *said = nft_ctx_get_error_buffer(nft), *what = strstr(said, "Error: ");
	int code = strstr(said, strerror(EPERM)) ? -EPERM : -EIO;

	what = what ? what + strlen("Error: ") : said;
	err_set(err, code, "cannot %s the nft table " NFT_TABLE ": %.*s", doing, (int)line_len(what), what);
	if (code == -EPERM)
		err_hint(err, "it takes root, or CAP_NET_ADMIN");
	return code;
}

/* A context whose output is kept: of what it lists, only what does not change by itself. */
static int open_nft(struct nft_ctx **nft, const char *doing, struct err *err)
{
	*nft = nft_ctx_new(NFT_CTX_DEFAULT);
	if (!*nft || nft_ctx_buffer_output(*nft) || nft_ctx_buffer_error(*nft)) {
		err_set(err, -ENOMEM, "cannot %s the nft table " NFT_TABLE ": libnftables does not start", doing);
		if (*nft)
			nft_ctx_free(*nft);
		return -ENOMEM;
	}
	nft_ctx_output_set_flags(*nft, NFT_CTX_OUTPUT_STATELESS | NFT_CTX_OUTPUT_NUMERIC_ALL);
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
		 strncmp(copy, "secmark ", strlen("secmark ")) ? "" : "; the kernel's log may say what is wrong with it");
	free(copy);
}

/*
 * Where is the error? Of a text in memory libnftables quotes the first line, whichever the error is about; of a file
 * the right one. So the text is tried once more, as a file: without changing anything, and without a complaint where
 * there can be no such file.
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
	if (write(fd, text, strlen(text)) == (ssize_t)strlen(text) && !open_nft(&nft, "check", &ignored)) {
		nft_ctx_set_dry_run(nft, true);
		if (nft_run_cmd_from_filename(nft, path)) {
			/* which empties it */
			said = nft_ctx_get_error_buffer(nft);
			if (strncmp(said, path, strlen(path)) == 0)
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

/* The table as nft lists it, for the caller to free; NULL where there is none. */
static int list_table(char **listing, struct err *err)
{
	static const char doing[] = "list";
	struct nft_ctx *nft;
	int ret = open_nft(&nft, doing, err);
	const char *said;

	*listing = NULL;
	if (ret)
		return ret;
	/* by the list of tables first: a table that is not there would be an error, like any other */
	if (nft_run_cmd_from_buffer(nft, "list tables inet")) {
		ret = refused(nft, doing, err);
	} else if (strstr(nft_ctx_get_output_buffer(nft), "table " NFT_TABLE "\n")) {
		if (nft_run_cmd_from_buffer(nft, "list table " NFT_TABLE))
			ret = refused(nft, doing, err);
		said = nft_ctx_get_output_buffer(nft);
		if (!ret)
			*listing = alloc_text(said, strlen(said));
	}
	nft_ctx_free(nft);
	return ret;
}

/*
 * The hash of a listing without the seal, which must be as the seal says (where: behind it; NULL: there is none) and
 * contain nothing else.
 */
static uint64_t hash_listing(const char *listing, const char *seal)
{
	char block[SEAL_MAX + 64];
	const char *at;
	size_t len;

	if (!seal)
		return hash_text(listing);
	len = snprintf(block, sizeof(block), "\n\tchain " SEAL_CHAIN " {\n\t\tcomment \"%s\"\n\t}\n", seal);
	at = strstr(listing, block);
	if (!at)
		return hash_text(listing);
	return hash(hash(UINT64_C(0xcbf29ce484222325), listing, at - listing), at + len, strlen(at + len));
}

/* Whether it works or not, the rules are loaded. */
static void seal(const char *text)
{
	char *listing, command[SEAL_MAX + 128];
	struct err err;

	if (list_table(&listing, &err) || !listing)
		return;
	snprintf(command, sizeof(command), "add chain " NFT_TABLE " " SEAL_CHAIN " { comment \"" SEAL_HASHES "\"; }",
		 hash_text(text), hash_listing(listing, NULL));
	free(listing);
	change(command, "seal", &err);
}

int backend_nft_load(const char *text, struct err *err)
{
	int ret = change(text, "load", err);

	if (!ret)
		seal(text);
	return ret;
}

int backend_nft_remove(struct err *err)
{
	/* what has just been added can be deleted, whether or not it was there before */
	return change("add table " NFT_TABLE "\ndelete table " NFT_TABLE "\n", "remove", err);
}

static bool is_sealed(const char *listing, const char *text)
{
	static const char start[] = "\n\tchain " SEAL_CHAIN " {\n\t\tcomment \"";
	const char *at = strstr(listing, start);
	char have[SEAL_MAX], want[SEAL_MAX];

	if (!at)
		return false;
	at += strlen(start);
	snprintf(have, sizeof(have), "%.*s", (int)strcspn(at, "\""), at);
	snprintf(want, sizeof(want), SEAL_HASHES, hash_text(text), hash_listing(listing, have));
	return strcmp(have, want) == 0;
}

int backend_nft_loaded(const char *text, enum backend_nft_state *state, struct err *err)
{
	char *listing;
	int ret = list_table(&listing, err);

	if (ret)
		return ret;
	*state = !listing ? BACKEND_NFT_ABSENT : is_sealed(listing, text) ? BACKEND_NFT_SAME : BACKEND_NFT_OTHER;
	free(listing);
	return 0;
}
