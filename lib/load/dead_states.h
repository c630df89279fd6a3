/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_LOAD_DEAD_STATES_H
#define SECMARK2_LOAD_DEAD_STATES_H

/**
 * dead_states_remove - remove the records of network namespaces that exist no longer
 * @own: path of the folder that stays in any case
 *
 * A namespace counts as living as long as a process is in it, a mount shows it, or a process has it
 * open. One that only a socket keeps, or a mount namespace without a process, counts as gone.
 * The folder is locked before all of these are looked at. So nobody in the namespace writes a
 * record meanwhile, and who enters it later had it in one of these ways before. If not all
 * processes can be seen, nothing is removed. Errors are of no consequence: the next call tries
 * again.
 */
void dead_states_remove(const char *own);

#endif
