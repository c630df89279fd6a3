/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_FTP_H
#define GUEST_FTP_H

struct peer;

/* Enough FTP for conntrack to expect a data connection; one request and one answer go over it. */
void ftp_client_part(const struct peer *p, int report);
void ftp_server_part(const struct peer *p, int report);

#endif
