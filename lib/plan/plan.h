/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLAN_PLAN_H
#define SECMARK2_PLAN_PLAN_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>

#include "packet/ports.h"
#include "packet/proto.h"
#include "plan/application.h"
#include "plan/line.h"
#include "plan/nets.h"
#include "util/diag.h"

struct flow_index;
struct stat;

/* The table of the rules; it decides when they run. */
enum plan_table {
	PLAN_SECURITY, /* nft: priority 50 */
	PLAN_MANGLE,   /* nft: priority -150 */
};

enum plan_unlabeled {
	PLAN_UNLABELED_UNSAID, /* the plan does not say */
	PLAN_UNLABELED_ALLOW,
	PLAN_UNLABELED_AUDIT,
	PLAN_UNLABELED_DENY,
};

struct plan {
	enum plan_table table;
	enum plan_unlabeled unlabeled;
	struct pos unlabeled_pos; /* of the statement, if there is one */
	bool loopback;            /* false: "loopback no" */
	struct plan_label *types; /* "type T": defined by this plan; each once */
	size_t n_types;
	struct plan_application *applications; /* each once */
	size_t n_applications;
	struct plan_line *lines; /* in order, defaults included */
	size_t n_lines;
	struct flow_index *flow_index; /* or NULL; of its owner: plan_free() leaves it alone */
	struct plan_net_lists nets;    /* "net NAME A,B,...": each once */
	char (*trusted)[IFNAMSIZ];     /* "trust IFACE...": each once; may end in + */
	size_t n_trusted;
	/* The ports that the kernel gives to clients. They are no part of the text: who reads the
	 * plan for a machine sets them (host/client_ports.h). */
	struct port_range client_ports;
	char **files; /* the plan and its included files; struct pos points to these names */
	size_t n_files;
};

/**
 * plan_read - read a plan and the files that it includes
 * @path: the file; "-" is standard input
 * @plan: filled; free it with plan_free(), also after a failure
 * @diag: gets all errors and warnings, in the order of the text
 *
 * Returns 0, -EINVAL if the plan has errors, or the -errno of the first file
 * that cannot be read (diag has that error too). After a failure @plan holds
 * the statements without errors: they can be checked, and must not be loaded.
 */
int plan_read(const char *path, struct plan *plan, struct diag *diag);

/**
 * plan_parse - the same for a text in memory
 * @name: the name of the plan in errors
 * @text: the plan; need not end in a NUL, and may contain them
 * @len:  its length in bytes
 * @plan: as above
 * @diag: as above
 *
 * An include is an error: there is no file whose folder it could be relative to.
 */
int plan_parse(const char *name, const char *text, size_t len, struct plan *plan,
	       struct diag *diag);

/**
 * plan_read_text - the same for the text of a file
 * @st: of that file, to find out if it includes itself
 *
 * Included files are read, relative to @name.
 */
int plan_read_text(const char *name, const char *text, size_t len, const struct stat *st,
		   struct plan *plan, struct diag *diag);

/* Has the plan lines of that side? A default counts. */
bool plan_has_side(const struct plan *plan, enum side side);

/* Does the plan itself define a type? A plan that is NULL has none. */
bool plan_defines_type(const struct plan *plan, const char *type);

/* Does it define the type of a label? */
bool plan_defines(const struct plan *plan, const struct plan_label *label);

/* Does a forward line ask for the interface on which packets leave ("out")? */
bool plan_has_out(const struct plan *plan);

/* Are its rules in the table mangle? A plan with forward lines needs PREROUTING, which only mangle
 * has: the kernel checks forwarded packets before the tables see them in FORWARD. */
bool plan_is_in_mangle(const struct plan *plan);

/* Frees its content; it is empty then. */
void plan_free(struct plan *plan);

#endif
