/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_NATIVE_H
#define SECMARK2_NATIVE_H

#include <stdbool.h>

struct xtables_match;
struct xtables_target;

/**
 * native_register_targets - decide which targets a name means in this process
 * @native:  the target of xt_secmark2
 * @aliases: aliases of a stock target, for a kernel without the module
 * @n:       how many aliases there are
 *
 * Asks the kernel, which loads the module if it can; for iptables-translate the module is always
 * there. If the module does not know our revision, we do not know its rules. Then the aliases only
 * report that: a new rule is refused, a listing says so, and a saved rule does not load. (iptables
 * would not find a target of our own name and revision, and would report that in other words.)
 * They also refuse if the kernel has no legacy tables for iptables-legacy, or no nft_compat for
 * iptables-nft.
 * A constructor calls this once, because each question can run modprobe.
 */
void native_register_targets(struct xtables_target *native, struct xtables_target *aliases,
			     unsigned int n);

/**
 * native_register_match - the same for a match
 * @native: the match of xt_secmark2
 * @alias:  the match that refuses, for a kernel without the module
 */
void native_register_match(struct xtables_match *native, struct xtables_match *alias);

/**
 * native_use_stock - turn a target of xt_secmark2 into the stock one, if the kernel offers that
 * @data:     the target's data, as x6_fcheck gets it; no flag is set, so it is that of the stock
 *            target, too
 * @name:     of the stock target
 * @revision: of it. 0 cannot be asked for: such a target counts as there, and if it is not, the
 *            kernel refuses the rule
 *
 * Such a rule can be listed, saved and loaded by every iptables, and does without the module.
 */
void native_use_stock(void *data, const char *name, unsigned int revision);

/**
 * native_has_size - does a rule have as much data as this revision has?
 * @found: target_size or match_size of the rule
 * @size:  of the data
 *
 * iptables-nft 1.8.10 and later tells a target its own revision in place of the rule's. Then a
 * later revision shows in flags that this one does not have, or in the size. A 64-bit kernel rounds
 * the size to 8, 32-bit userland to 4.
 */
bool native_has_size(unsigned int found, unsigned int size);

/**
 * native_print_other - print, in place of its options, that this plugin cannot read a rule
 * @dashes: "--" if the rule is saved: the text does not load again. "" if it is listed
 *
 * For a rule of another revision, or with a mode or a flag that the revision does not have: without
 * what it does not know, the plugin would print another rule. iptables-nft finds a plugin by the
 * name alone, and calls it for rules of every revision.
 */
void native_print_other(const char *dashes);

/**
 * native_refuse - end the process with PARAMETER_PROBLEM: the rule needs xt_secmark2
 * @ext: name of the extension
 * @what: the option, or the part of the rule, that needs it
 * @nearest: for the message: the nearest rules on a stock kernel, or that there are none
 */
__attribute__((noreturn)) void native_refuse(const char *ext, const char *what,
					     const char *nearest);

#endif
