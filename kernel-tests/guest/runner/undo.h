/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_UNDO_H
#define GUEST_UNDO_H

struct test;

/*
 * Notes "NS[:DOMAIN] COMMAND", which is to run when the rules of the case go. Takes the text, and
 * frees it then.
 */
void undo_note(struct test *t, char *owned);

#endif
