// SPDX-License-Identifier: GPL-2.0-only
/*
 * nft-backend load FILE | loaded FILE | remove: calls backend_nft, on a machine where rules may be
 * loaded. FILE is an output of nft-of-plan.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "nft/backend_libnftables.h"
#include "util/buffer.h"

static const char *const states[] = {
	[BACKEND_ABSENT] = "absent",
	[BACKEND_SAME] = "same",
	[BACKEND_OTHER] = "other",
};

static char *nft_backend_read(const char *path)
{
	FILE *in = fopen(path, "r"), *out;
	char *text;
	size_t len;
	int c;

	if (!in) {
		perror(path);
		exit(2);
	}
	out = buffer_open(&text, &len);
	while ((c = getc(in)) != EOF)
		putc(c, out);
	buffer_close(out);
	fclose(in);
	return text;
}

static int nft_backend_run(const char *what, char *text, struct err *err)
{
	const struct nft_built rules = { { &backend_nft }, text };
	struct backend_report report = { 0 };
	struct seen *seen = NULL;
	int ret;

	if (!strcmp(what, "load")) {
		ret = backend_nft.load(&rules.built, NULL, &report, err);
	} else if (!strcmp(what, "remove")) {
		ret = backend_nft.remove(&backend_nft, NULL, &report, err);
	} else {
		ret = backend_nft.look(&backend_nft, &seen, err);
		if (!ret)
			puts(states[backend_nft.compare(seen, &rules.built)]);
	}
	backend_nft.forget(seen);
	backend_report_free(&report);
	return ret;
}

int main(int argc, char **argv)
{
	char *text = argc == 3 ? nft_backend_read(argv[2]) : NULL;
	struct err err = { 0 };
	int ret;

	if (argc < 2 || !strcmp(argv[1], "remove") == (argc == 3)) {
		fputs("usage: nft-backend load FILE | loaded FILE | remove\n", stderr);
		return 2;
	}
	ret = nft_backend_run(argv[1], text, &err);
	if (ret)
		fprintf(stderr, "%s (%s)\n", err.what, err.hint);
	free(text);
	return ret != 0;
}
