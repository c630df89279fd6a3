// SPDX-License-Identifier: GPL-2.0-only
#include "loaded_plan.h"

#include <errno.h>
#include <stdint.h>

#include "load/boot.h"
#include "load/intact.h"

/* Asks whether a plan should be loaded, but is not, or not all of it: the record says what should
 * be, or else secmark2.service. */
static int ask_missing(const struct load_state *record, bool *is, struct err *err)
{
	int ret;

	if (record->plan_text)
		ret = intact_check(record, is, err);
	else
		ret = boot_is_expected(is, err);
	*is = *is != !!record->plan_text;
	return ret;
}

/* Returns false if another process has changed rules meanwhile, or does so now: then what seems to
 * be missing may be a part of its work. */
static bool try_loaded_plan(struct loaded_plan *p)
{
	uint64_t stamp = state_stamp();

	*p = (struct loaded_plan){ .read = 0 };
	p->read = state_read(&p->record, &p->read_err);
	if (p->read && p->read != -ENOENT) {
		p->missing_ret = p->read;
		p->missing_err = p->read_err;
		return true;
	}
	p->missing_ret = ask_missing(&p->record, &p->missing, &p->missing_err);
	return p->missing_ret || !p->missing || (!state_is_locked() && state_stamp() == stamp);
}

void loaded_plan_read(struct loaded_plan *p)
{
	/* twice */
	if (try_loaded_plan(p))
		return;
	state_clear(&p->record);
	if (!try_loaded_plan(p))
		p->missing_ret = err_set(&p->missing_err, -EBUSY,
					 "another secmarkctl is changing rules");
}

void loaded_plan_free(struct loaded_plan *p)
{
	state_clear(&p->record);
}
