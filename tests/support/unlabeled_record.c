// SPDX-License-Identifier: GPL-2.0-only
#include "support/unlabeled_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "advise/learn_evidence.h"
#include "audit/denial.h"

void take_unlabeled(struct learn_evidence *e, const char *result, const char *text)
{
	char domain[64], perm[16], from[64], to[64], record[512], ports[2][32] = { "", "" };
	unsigned int sport, dport;
	struct denial d;

	assert_int_equal(sscanf(text, "%63s %15s %63s %u %63s %u", domain, perm, from, &sport, to,
				&dport),
			 6);
	if (sport) {
		snprintf(ports[0], sizeof(ports[0]), "src=%u", sport);
		snprintf(ports[1], sizeof(ports[1]), "dest=%u", dport);
	}
	snprintf(record, sizeof(record),
		 "avc: %s { %s } for saddr=%s %s daddr=%s %s netif=eth0 "
		 "scontext=system_u:system_r:%s:s0 tcontext=system_u:object_r:unlabeled_t:s0 "
		 "tclass=packet",
		 result, perm, from, ports[0], to, ports[1], domain);
	assert_int_equal(denial_parse(record, strlen(record), &d), DENIAL_READ);
	learn_take_denial(e, &d);
	denial_free(&d);
}
