/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_FTP_H
#define GUEST_FTP_H

struct peer;

/* As much FTP as makes conntrack expect a data connection, over which one request and one answer go. */
void ftp_client_part(const struct peer *p, int report);
void ftp_server_part(const struct peer *p, int report);

#endif
