// SPDX-License-Identifier: GPL-2.0-only
/*
 * socket CALL ADDRESS PORT KIND...
 *     a call on a socket of each kind. The calls that must come before it are made before it, in
 * the same domain: a domain that lacks one permission can make them.
 *
 * sockcreate TYPE CALL ADDRESS PORT KIND...
 *     the same with sockets of a type that is not the domain's own
 *
 * listener LISTENER CLIENT CALL ADDRESS PORT KIND...
 *     the same with a socket of type LISTENER that listens, and one of type CLIENT that connects to
 *     it. What is made after that is of the domain's own type
 *
 * pass SENDER RECEIVER CALL ADDRESS PORT KIND...
 *     a program in one domain makes the sockets, and another one, in another domain, gets them and
 *     makes the call. Run it as kernel_t, which may enter domains
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "runner/util.h"
#include "tools/calls.h"
#include "tools/fd_pass.h"
#include "tools/socket_ends.h"

/* Ends with exit status 2 if the sockets do not get as far as the call. */
static const struct socket_call *prepare(struct ends *e, char **argv, const char *kind)
{
	const struct socket_call *call = socket_call_find(argv[0]);

	errno = call ? ends_init(e, kind, argv[1], argv[2]) : EINVAL;
	if (!errno)
		errno = ends_advance(e, call->stage);
	if (errno)
		calls_die(kind);
	return call;
}

static int socket_run(int argc, char **argv)
{
	int status = 0;

	for (int i = 3; i < argc; i++) {
		struct ends e;
		const struct socket_call *call = prepare(&e, argv, argv[i]);
		int err = call->act(&e);

		ends_close(&e);
		status |= calls_say(call->name, argv[i], err);
	}
	return status;
}

static int sockcreate_run(int argc, char **argv)
{
	int err = calls_label_sockets(argv[0]);

	return err ? calls_say("sockcreate", argv[0], err) : socket_run(argc - 1, argv + 1);
}

/* From the stage that is reached to another one, by sockets of this type. */
static void advance_as(struct ends *e, const char *type, enum stage stage)
{
	calls_must_label_sockets(type);
	errno = ends_advance(e, stage);
	if (errno)
		calls_die(type ? type : "a socket of its own type");
}

static int listener_run(int argc, char **argv)
{
	const struct socket_call *call = socket_call_find(argv[2]);
	int status = 0;

	for (int i = 5; i < argc; i++) {
		struct ends e;
		int err;

		errno = call ? ends_init(&e, argv[i], argv[3], argv[4]) : EINVAL;
		if (errno)
			calls_die(argv[i]);
		advance_as(&e, argv[0], STAGE_BOUND);
		advance_as(&e, argv[1], STAGE_LISTENS);
		advance_as(&e, NULL, call->stage);
		err = call->act(&e);
		ends_close(&e);
		status |= calls_say(call->name, argv[i], err);
	}
	return status;
}

struct passed {
	char **argv; /* CALL ADDRESS PORT */
	const char *kind;
};

static int passed_give(void *arg)
{
	const struct passed *p = arg;
	struct ends e;

	prepare(&e, p->argv, p->kind);
	return e.listener;
}

static int passed_use(const struct fd_passed *passed, void *arg)
{
	const struct passed *p = arg;
	const struct socket_call *call = socket_call_find(p->argv[0]);
	struct ends e;

	if (passed->fd < 0)
		return fd_pass_say(p->kind, passed);
	ends_init(&e, p->kind, p->argv[1], p->argv[2]);
	e.listener = e.client = e.server = passed->fd;
	return calls_say(call->name, p->kind, call->act(&e));
}

static int pass_run(int argc, char **argv)
{
	int status = 0;

	for (int i = 5; i < argc; i++) {
		struct passed p = { .argv = argv + 2, .kind = argv[i] };

		status |= fd_pass(argv[0], argv[1], passed_give, passed_use, &p);
	}
	return status;
}

const struct calls_word socket_words[] = {
	{ "socket", "CALL ADDRESS PORT KIND...", 4, socket_run },
	{ "sockcreate", "TYPE CALL ADDRESS PORT KIND...", 5, sockcreate_run },
	{ "listener", "LISTENER CLIENT CALL ADDRESS PORT KIND...", 6, listener_run },
	{ "pass", "SENDER RECEIVER CALL ADDRESS PORT KIND...", 6, pass_run },
	{ NULL, NULL, 0, NULL },
};
