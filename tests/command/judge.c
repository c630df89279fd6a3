// SPDX-License-Identifier: GPL-2.0-only
/*
 * judge POLICY: prints the library's verdict on each context on standard input, for comparison with
 * a golden file.
 */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "selinux/context.h"
#include "selinux/oracle.h"
#include "selinux/oracle_file.h"

static void judge_print_err(const char *text, const struct err *err)
{
	printf("%s: %s", text, err->what);
	if (*err->hint)
		printf(" (%s)", err->hint);
	putchar('\n');
}

static void judge(struct oracle *o, const char *text)
{
	struct context ctx;
	struct err err;

	if (oracle_judge(o, text, &err) || context_parse(text, &ctx, &err))
		judge_print_err(text, &err);
	else
		printf("%s: valid%s\n", text,
		       oracle_is_packet_type(o, ctx.type) ? "" : ", not a packet type");
}

int main(int argc, char **argv)
{
	char line[1024];
	struct oracle *o;
	struct err err;

	if (argc != 2)
		return 2;
	if (oracle_file_open(argv[1], "the policy", &o, &err)) {
		fprintf(stderr, "%s\n", err.what);
		return 1;
	}
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		judge(o, line);
	}
	oracle_free(o);
	return 0;
}
