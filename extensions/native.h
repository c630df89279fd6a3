/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_NATIVE_H
#define SECMARK2_NATIVE_H

struct xtables_match;
struct xtables_target;

/**
 * native_register_targets - decide what the name of a target stands for in this process
 * @native:  the target of xt_secmark2
 * @aliases: what stands for it without the module: aliases of a stock target
 * @n:       how many aliases there are
 *
 * Asks the kernel, which loads the module if it can; iptables-translate always finds it there. With
 * a module that does not know our revision the aliases only say so: nothing is known of that
 * module's rules, so whoever writes one is refused, a listing tells, and what is saved does not
 * load. (A target of our own name and revision would not be found, and found missing in other
 * words.) Called once, by a constructor: each question can be a modprobe.
 */
void native_register_targets(struct xtables_target *native, struct xtables_target *aliases,
			     unsigned int n);

/**
 * native_register_match - the same for a match
 * @native: the match of xt_secmark2
 * @alias:  what stands for it without the module
 */
void native_register_match(struct xtables_match *native, struct xtables_match *alias);

/**
 * native_refuse - end the process: xt_secmark2 would be needed
 * @ext: name of the extension
 * @what: what needs it
 * @nearest: what comes nearest on a stock kernel, or that nothing does
 */
__attribute__((noreturn)) void native_refuse(const char *ext, const char *what,
					     const char *nearest);

#endif
