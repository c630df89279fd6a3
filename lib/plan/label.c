// SPDX-License-Identifier: GPL-2.0-only
#include "plan/label.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "selinux/context.h"

void plan_label_free(struct plan_label *label)
{
	free(label->text);
	free(label->level);
	free(label->context);
	*label = (struct plan_label){ 0 };
}

const char *plan_label_type(const struct plan_label *label, struct context *ctx)
{
	struct err err;

	if (strchr(label->text, ':') && !context_parse(label->text, ctx, &err))
		return ctx->type;
	return label->text;
}
