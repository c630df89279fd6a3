/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_KINDS_H
#define GUEST_KINDS_H

/*
 * The kinds of steps, one a file. The table in runner/steps.c names them; no other file outside of
 * steps/ includes this.
 */
extern const struct step_kind step_fail;
extern const struct step_kind step_flow;
extern const struct step_kind step_netlabel;
extern const struct step_kind step_peercon;
extern const struct step_kind step_policy;
extern const struct step_kind step_run;
extern const struct step_kind step_secctx;
extern const struct step_kind step_session;
extern const struct step_kind step_slabs;
extern const struct step_kind step_sysctl;
extern const struct step_kind step_talk;
extern const struct step_kind step_unchecked;
extern const struct step_kind step_undo;

#endif
