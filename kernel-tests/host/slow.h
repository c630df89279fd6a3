/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Added to a copy of the module. What it writes to memory that processors share, it writes late. So
 * between a read and a write that depends on it, another processor has time to write.
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

#undef WRITE_ONCE
#define WRITE_ONCE(variable, value)                                  \
	({                                                           \
		udelay(SLOW_US);                                     \
		*(volatile typeof(variable) *)&(variable) = (value); \
	})
