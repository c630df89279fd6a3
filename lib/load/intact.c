// SPDX-License-Identifier: GPL-2.0-only
#include "load/intact.h"

#include <errno.h>
#include <stdint.h>

#include "backend/backend.h"
#include "backend/machine.h"
#include "base/err.h"
#include "load/backends.h"
#include "load/machine.h"
#include "load/state.h"

/* Without a digest: at least something of the plan is in force. */
static int intact_in_force(enum place place, bool *intact, struct err *err)
{
	struct machine m = { 0 };
	unsigned int places;
	int ret = machine_in_force(&m, &places, err);

	*intact = !ret && places & place;
	machine_free(&m);
	return ret;
}

static int intact_compare_digest(const struct backend_ops *keeper, bool *intact, struct err *err)
{
	uint64_t loaded, now;
	int ret = state_read_digest(&loaded);

	/* others changed them while they were loaded */
	if (ret == -ENODATA)
		return 0;
	if (ret)
		return intact_in_force(keeper->place, intact, err);
	ret = keeper->digest(&now, err);
	*intact = !ret && now == loaded;
	return ret;
}

int intact_check(const struct load_state *state, bool *intact, struct err *err)
{
	const struct backend_ops *ops = backends_find(state->backend, err);

	*intact = false;
	if (!ops)
		return -EINVAL;
	/* a question would load the module */
	if (!machine_has_place(ops->place))
		return 0;
	ops = backends_keeper(ops->place);
	return ops->sealed ? ops->sealed(intact, err) : intact_compare_digest(ops, intact, err);
}
