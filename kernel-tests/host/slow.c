// SPDX-License-Identifier: GPL-2.0-only
/*
 * Added to a copy of the module that is compiled with -fsanitize=thread: the compiler puts a call
 * of one of these functions before each access to memory. Here they look for no races, but make
 * each write of a label late, whatever the code calls it. So between a read and a write that
 * depends on it, another processor has time to write.
 */

#define SLOW_CALL(name, ...)    \
	void name(__VA_ARGS__); \
	__attribute__((no_sanitize_thread)) void name(__VA_ARGS__)

/* a label has four bytes */
SLOW_CALL(__tsan_write4, void *at)
{
	udelay(SLOW_US);
}

/* the declaration at the end is for the semicolon */
#define SLOW_NOT(name, ...)          \
	SLOW_CALL(name, __VA_ARGS__) \
	{                            \
	}                            \
	void name(__VA_ARGS__)

SLOW_NOT(__tsan_init, void);
SLOW_NOT(__tsan_func_entry, void *caller);
SLOW_NOT(__tsan_func_exit, void);
SLOW_NOT(__tsan_read1, void *at);
SLOW_NOT(__tsan_read2, void *at);
SLOW_NOT(__tsan_read4, void *at);
SLOW_NOT(__tsan_read8, void *at);
SLOW_NOT(__tsan_read16, void *at);
SLOW_NOT(__tsan_write1, void *at);
SLOW_NOT(__tsan_write2, void *at);
SLOW_NOT(__tsan_write8, void *at);
SLOW_NOT(__tsan_write16, void *at);
SLOW_NOT(__tsan_unaligned_read2, void *at);
SLOW_NOT(__tsan_unaligned_read4, void *at);
SLOW_NOT(__tsan_unaligned_read8, void *at);
SLOW_NOT(__tsan_unaligned_write2, void *at);
SLOW_NOT(__tsan_unaligned_write4, void *at);
SLOW_NOT(__tsan_unaligned_write8, void *at);
SLOW_NOT(__tsan_read_range, void *at, unsigned long size);
SLOW_NOT(__tsan_write_range, void *at, unsigned long size);
