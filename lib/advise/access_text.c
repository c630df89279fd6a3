// SPDX-License-Identifier: GPL-2.0-only
#include "advise/access_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/access.h"
#include "selinux/packet_perms.h"
#include "util/buffer.h"

char *access_perms_text(unsigned int perms)
{
	char *text;
	size_t len;
	FILE *out = buffer_open(&text, &len);

	packet_perms_print(perms, out);
	buffer_close(out);
	return text;
}

void access_rule_switch(const struct access_rule *rule, bool on, char *text, size_t size)
{
	const struct access_boolean *b = rule->booleans;
	bool switch_on;

	*text = '\0';
	if (rule->on == on || !rule->n_booleans)
		return;
	/* an operand of "and" that is off ends it */
	if (rule->n_booleans == 1)
		switch_on = !b->on;
	else if (!on && rule->branch && !strpbrk(rule->condition, "|^=!("))
		switch_on = false;
	else
		return;
	snprintf(text, size, "setsebool -P %s %s", b->name, switch_on ? "on" : "off");
}

char *access_rule_text(const struct access_rule *rule)
{
	char *text, *perms = access_perms_text(rule->perms);
	bool one = !strchr(perms, ' ');
	size_t len;
	FILE *out = buffer_open(&text, &len);

	fprintf(out, "allow %s %s:packet %s%s%s;", rule->source, rule->target, one ? "" : "{ ",
		perms, one ? "" : " }");
	if (rule->condition)
		fprintf(out, " [ %s ]:%s", rule->condition, rule->branch ? "True" : "False");
	buffer_close(out);
	free(perms);
	return text;
}
