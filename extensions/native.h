/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_NATIVE_H
#define SECMARK2_NATIVE_H

#include <stdbool.h>

struct xt_entry_match;
struct xt_entry_target;
struct xt_fcheck_call;
struct xt_option_call;

/* What a name stands for in this process. */
enum native {
	NATIVE_ABSENT,	/* no xt_secmark2, and none that could be loaded */
	NATIVE_PRESENT, /* it is there; or nobody can tell, for want of privilege */
	NATIVE_OTHER,	/* it is there, and does not know our revision */
};

/**
 * native_probe - is xt_secmark2 there, or can it be loaded?
 * @ext: name of the extension
 * @match: a match; else a target
 *
 * Asks the kernel, which tries to load the module: once a process is enough.
 * iptables-translate always finds it there.
 */
enum native native_probe(const char *ext, bool match);

/**
 * native_refuse - end the process: xt_secmark2 would be needed
 * @ext: name of the extension
 * @what: what needs it
 * @nearest: what comes nearest on a stock kernel, or that nothing does
 */
__attribute__((noreturn)) void native_refuse(const char *ext, const char *what, const char *nearest);

/*
 * For the variant that is registered on NATIVE_OTHER. Nothing is known of that
 * module's rules: whoever writes one is refused, a listing says so, and what is
 * saved does not load.
 */
__attribute__((noreturn)) void native_mismatch_parse(struct xt_option_call *cb);
__attribute__((noreturn)) void native_mismatch_check(struct xt_fcheck_call *cb);
void native_mismatch_print(const void *ip, const struct xt_entry_target *target, int numeric);
void native_mismatch_save(const void *ip, const struct xt_entry_target *target);
void native_mismatch_print_match(const void *ip, const struct xt_entry_match *match, int numeric);
void native_mismatch_save_match(const void *ip, const struct xt_entry_match *match);

#endif
