/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_LOGIN_SESSION_H
#define SECMARK2_HOST_LOGIN_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "packet/net.h"

struct host_socket;
struct host_sockets;
struct socket_owner;
struct socket_owners;

#define LOGIN_ANCESTORS_MAX 64

/* Where the caller of this process has logged in from. */
struct login_session {
	struct net here, there; /* of SSH_CONNECTION; family 0: not set */
	uint16_t here_port, there_port;
	/* this process, those that started it, and the one that utmp(5) has for its terminal */
	pid_t processes[LOGIN_ANCESTORS_MAX + 2];
	size_t n;
};

/* Reads it. @proc: "/proc". sudo(8) takes SSH_CONNECTION away, tmux(1) has another ancestor, and
 * not every system has utmp(5), so each of them is asked. */
void login_session_read(const char *proc, struct login_session *session);

/* Reads "ADDRESS PORT ADDRESS PORT", the client first. Another text, or NULL, is no connection. */
void login_session_parse(const char *ssh_connection, struct login_session *session);

/* Is the connection that of SSH_CONNECTION? */
bool login_session_is(const struct login_session *session, const struct host_socket *s);

/* Is the connection that of the session, by SSH_CONNECTION or by its processes? Such a process can
 * have other connections, too. The owners are those of the socket. */
bool login_session_has(const struct login_session *session, const struct host_socket *s,
		       const struct socket_owners *o, const struct socket_owner *owner, size_t n);

/* Did the other end begin this connection? Then somebody listens at its port here. sshd and others
 * have connections that they have begun themselves, as for ssh -L. Those of X clients to sshd do
 * not count. sockets: those of its network namespace are among them. */
bool login_came_in(const struct host_sockets *sockets, const struct host_socket *s);

/**
 * login_session_port - the port at which the caller has logged in
 * @session:  of login_session_read()
 * @sockets:  of this network namespace
 * @o:        of them
 *
 * Without SSH_CONNECTION it is that of a connection of the session. Its program may have
 * connections of its own to others, so a socket has to wait at the port. Returns 0 if there is
 * none: then nobody has logged in from elsewhere, or the owners are hidden from this user.
 */
uint16_t login_session_port(const struct login_session *session, const struct host_sockets *sockets,
			    const struct socket_owners *o);

/* Is the socket one of sshd(8): is one of its processes called that, and root's? */
bool login_is_sshd(const struct socket_owners *o, const struct socket_owner *owner, size_t n);

#endif
