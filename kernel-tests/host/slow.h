/* SPDX-License-Identifier: GPL-2.0-only */
/* Added to a copy of the module, with slow.c. The compiler does not see the write of a cmpxchg().
 */
#include <linux/atomic.h>
#include <linux/delay.h>

#define SLOW_US 50

#undef cmpxchg
#define cmpxchg(at, old, new)                  \
	({                                     \
		udelay(SLOW_US);               \
		cmpxchg_relaxed(at, old, new); \
	})
