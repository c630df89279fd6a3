/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_SUPPORT_UNLABELED_RECORD_H
#define SECMARK2_SUPPORT_UNLABELED_RECORD_H

struct learn_evidence;

/* Has a record of an unlabeled packet learnt from. result: "granted" or "denied"; text: "DOMAIN
 * recv|send ADDRESS PORT ADDRESS PORT", with the port 0 if the packet has none. */
void take_unlabeled(struct learn_evidence *e, const char *result, const char *text);

#endif
