// SPDX-License-Identifier: GPL-2.0-only
#include "host/login_session.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <utmpx.h>

#include "base/err.h"
#include "host/socket_owners.h"
#include "host/sockets.h"

void login_session_parse(const char *text, struct login_session *session)
{
	char there[64], here[64];
	unsigned int there_port, here_port;
	struct err ignored;

	if (!text || sscanf(text, "%63s %u %63s %u", there, &there_port, here, &here_port) != 4 ||
	    there_port > UINT16_MAX || here_port > UINT16_MAX ||
	    net_parse(there, &session->there, &ignored) ||
	    net_parse(here, &session->here, &ignored)) {
		session->here = session->there = (struct net){ 0 };
		return;
	}
	session->there_port = there_port;
	session->here_port = here_port;
}

/* The process that utmp(5) has for the terminal of this process, or 0. */
static pid_t process_of_terminal(void)
{
	char name[256];
	const struct utmpx *u;
	pid_t pid = 0;
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (!ttyname_r(fd, name, sizeof(name)))
			break;
	if (fd > STDERR_FILENO || strncmp(name, "/dev/", 5))
		return 0;
	setutxent();
	while ((u = getutxent()))
		if (u->ut_type == USER_PROCESS && *u->ut_line &&
		    !strncmp(u->ut_line, name + 5, sizeof(u->ut_line)))
			pid = u->ut_pid;
	endutxent();
	return pid;
}

void login_session_read(const char *proc, struct login_session *session)
{
	pid_t pid = getpid();

	*session = (struct login_session){ .n = 0 };
	login_session_parse(getenv("SSH_CONNECTION"), session);
	/* process 1 has sockets of others */
	for (; pid > 1 && session->n <= LOGIN_ANCESTORS_MAX; pid = socket_owners_parent(proc, pid))
		session->processes[session->n++] = pid;
	pid = process_of_terminal();
	if (pid > 1)
		session->processes[session->n++] = pid;
}

static bool login_same_address(const struct net *a, const struct net *b)
{
	return a->family == b->family && a->len == b->len && net_contains(a, b);
}

bool login_session_is(const struct login_session *session, const struct host_socket *s)
{
	return s->connected && s->proto == IPPROTO_TCP && session->here.family &&
	       s->lport == session->here_port && s->rport == session->there_port &&
	       login_same_address(&s->local, &session->here) &&
	       login_same_address(&s->remote, &session->there);
}

bool login_session_has(const struct login_session *session, const struct host_socket *s,
		       const struct socket_owners *o, const struct socket_owner *owner, size_t n)
{
	size_t i, k;

	if (!s->connected || s->proto != IPPROTO_TCP)
		return false;
	if (login_session_is(session, s))
		return true;
	for (i = 0; i < n; i++)
		for (k = 0; k < session->n; k++)
			if (o->processes[owner[i].process].pid == session->processes[k])
				return true;
	return false;
}

/* The ports at which sshd takes connections of X clients (X11DisplayOffset in sshd_config(5)). */
static bool login_is_x11(const struct host_socket *s)
{
	return s->lport >= 6010 && s->lport < 6100;
}

bool login_came_in(const struct host_sockets *sockets, const struct host_socket *s)
{
	const struct host_socket *l, *end = sockets->v + sockets->n;

	if (login_is_x11(s))
		return false;
	for (l = sockets->v; l < end; l++)
		if (!l->connected && l->proto == IPPROTO_TCP && !l->raw && l->place == s->place &&
		    l->lport == s->lport)
			return true;
	return false;
}

uint16_t login_session_port(const struct login_session *session, const struct host_sockets *sockets,
			    const struct socket_owners *o)
{
	const struct host_socket *s = sockets->v;
	const struct socket_owner *owner;
	size_t i, n;

	if (session->here.family)
		return session->here_port;
	for (i = 0; i < sockets->n; i++, s++) {
		owner = socket_owners_find(o, s->inode, &n);
		if (!s->raw && login_session_has(session, s, o, owner, n) &&
		    login_came_in(sockets, s))
			return s->lport;
	}
	return 0;
}

bool login_is_sshd(const struct socket_owners *o, const struct socket_owner *owner, size_t n)
{
	/* from OpenSSH 9.8 on, a program of its own serves a connection; from 10.0 on, another one
	 * logs it in */
	static const char *const names[] = { "sshd", "sshd-session", "sshd-auth" };
	const struct socket_process *p;
	size_t i, k;

	for (i = 0; i < n; i++) {
		p = &o->processes[owner[i].process];
		for (k = 0; k < sizeof(names) / sizeof(names[0]); k++)
			if (p->root && !strcmp(p->comm, names[k]))
				return true;
	}
	return false;
}
