// SPDX-License-Identifier: GPL-2.0-only
/* Sorted addresses of a host give the same answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "host/local_addresses.h"
#include "support/random_plan.h"

/* Networks and addresses of few bits, so that they are in one another */
static void narrow_net(unsigned int *seed, unsigned int len, struct net *net)
{
	unsigned int six = random_below(seed, 2), bits = random_below(seed, 256);

	*net = (struct net){ .family = six ? AF_INET6 : AF_INET, .len = six ? 128 : 32 };
	if (len < 8) {
		net->len = len;
		bits &= ~(0xffu >> len);
	}
	net->addr[0] = bits;
}

static void sorted_addresses_are_the_same(void **state)
{
	unsigned int seed = random_seed(), i, k, n;
	struct local_addresses plain, sorted;
	struct net net;

	(void)state;
	for (i = 0; i < 2000; i++) {
		memset(&plain, 0, sizeof(plain));
		memset(&sorted, 0, sizeof(sorted));
		n = random_below(&seed, 12);
		for (k = 0; k < n; k++) {
			bool own = random_below(&seed, 2);

			narrow_net(&seed, random_below(&seed, 12), &net);
			local_addresses_add(&plain, own, &net);
			local_addresses_add(&sorted, own, &net);
		}
		local_addresses_sort(&sorted);
		for (k = 0; k < 50; k++) {
			narrow_net(&seed, 32, &net);
			assert_int_equal(local_addresses_sends(&sorted, &net),
					 local_addresses_sends(&plain, &net));
			assert_int_equal(local_addresses_receives(&sorted, &net),
					 local_addresses_receives(&plain, &net));
		}
		local_addresses_free(&plain);
		local_addresses_free(&sorted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorted_addresses_are_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
