// SPDX-License-Identifier: GPL-2.0-only
/* socket_type_to_security_class() in security/selinux/hooks.c, from its other side. */
#include <errno.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "runner/util.h"
#include "tools/socket_kinds.h"

/* RFC 3692: for experiments, so nothing of the kernel takes it. */
#define EXPERIMENT 253

/* linux/socket.h knows families that the C library does not. */
#define FAMILY_MCTP 45

static const struct socket_kind kinds[] = {
	{ "tcp_socket", 0, SOCK_STREAM, { 0, 0 }, KIND_STREAM },
	{ "mptcp", 0, SOCK_STREAM, { IPPROTO_MPTCP, IPPROTO_MPTCP }, KIND_STREAM },
	{ "udp_socket", 0, SOCK_DGRAM, { 0, 0 }, KIND_PORTS },
	{ "udplite", 0, SOCK_DGRAM, { IPPROTO_UDPLITE, IPPROTO_UDPLITE }, KIND_PORTS },
	{ "rawip_socket", 0, SOCK_RAW, { EXPERIMENT, EXPERIMENT }, 0 },
	{ "icmp_socket", 0, SOCK_DGRAM, { IPPROTO_ICMP, IPPROTO_ICMPV6 }, 0 },
	{ "sctp_socket", 0, SOCK_STREAM, { IPPROTO_SCTP, IPPROTO_SCTP }, KIND_STREAM },
	{ "sctp_many", 0, SOCK_SEQPACKET, { IPPROTO_SCTP, IPPROTO_SCTP }, KIND_PORTS },
	{ "packet_socket", AF_PACKET, SOCK_DGRAM, { 0 }, 0 },
	{ "key_socket", AF_KEY, SOCK_RAW, { 2 /* PF_KEY_V2 */ }, 0 },
	{ "alg_socket", AF_ALG, SOCK_SEQPACKET, { 0 }, 0 },
	{ "xdp_socket", AF_XDP, SOCK_RAW, { 0 }, 0 },
	{ "netlink_socket", AF_NETLINK, SOCK_RAW, { NETLINK_USERSOCK }, 0 },
	{ "netlink_route_socket", AF_NETLINK, SOCK_RAW, { NETLINK_ROUTE }, 0 },
	{ "netlink_tcpdiag_socket", AF_NETLINK, SOCK_RAW, { NETLINK_SOCK_DIAG }, 0 },
	{ "netlink_nflog_socket", AF_NETLINK, SOCK_RAW, { NETLINK_NFLOG }, 0 },
	{ "netlink_xfrm_socket", AF_NETLINK, SOCK_RAW, { NETLINK_XFRM }, 0 },
	{ "netlink_selinux_socket", AF_NETLINK, SOCK_RAW, { NETLINK_SELINUX }, 0 },
	{ "netlink_iscsi_socket", AF_NETLINK, SOCK_RAW, { NETLINK_ISCSI }, 0 },
	{ "netlink_audit_socket", AF_NETLINK, SOCK_RAW, { NETLINK_AUDIT }, 0 },
	{ "netlink_fib_lookup_socket", AF_NETLINK, SOCK_RAW, { NETLINK_FIB_LOOKUP }, 0 },
	{ "netlink_connector_socket", AF_NETLINK, SOCK_RAW, { NETLINK_CONNECTOR }, 0 },
	{ "netlink_netfilter_socket", AF_NETLINK, SOCK_RAW, { NETLINK_NETFILTER }, 0 },
	{ "netlink_dnrt_socket", AF_NETLINK, SOCK_RAW, { NETLINK_DNRTMSG }, 0 },
	{ "netlink_kobject_uevent_socket", AF_NETLINK, SOCK_RAW, { NETLINK_KOBJECT_UEVENT }, 0 },
	{ "netlink_generic_socket", AF_NETLINK, SOCK_RAW, { NETLINK_GENERIC }, 0 },
	{ "netlink_scsitransport_socket", AF_NETLINK, SOCK_RAW, { NETLINK_SCSITRANSPORT }, 0 },
	{ "netlink_rdma_socket", AF_NETLINK, SOCK_RAW, { NETLINK_RDMA }, 0 },
	{ "netlink_crypto_socket", AF_NETLINK, SOCK_RAW, { NETLINK_CRYPTO }, 0 },
	/* no class of their own */
	{ "socket", AF_ASH, SOCK_RAW, { 0 }, 0 },
	/* families that few kernels have */
	{ "appletalk_socket", AF_APPLETALK, SOCK_DGRAM, { 0 }, 0 },
	{ "ax25_socket", AF_AX25, SOCK_DGRAM, { 0 }, 0 },
	{ "ipx_socket", AF_IPX, SOCK_DGRAM, { 0 }, 0 },
	{ "netrom_socket", AF_NETROM, SOCK_SEQPACKET, { 0 }, 0 },
	{ "atmpvc_socket", AF_ATMPVC, SOCK_DGRAM, { 0 }, 0 },
	{ "x25_socket", AF_X25, SOCK_SEQPACKET, { 0 }, 0 },
	{ "rose_socket", AF_ROSE, SOCK_SEQPACKET, { 0 }, 0 },
	{ "decnet_socket", AF_DECnet, SOCK_SEQPACKET, { 0 }, 0 },
	{ "atmsvc_socket", AF_ATMSVC, SOCK_DGRAM, { 0 }, 0 },
	{ "rds_socket", AF_RDS, SOCK_SEQPACKET, { 0 }, 0 },
	{ "irda_socket", AF_IRDA, SOCK_STREAM, { 0 }, 0 },
	{ "pppox_socket", AF_PPPOX, SOCK_DGRAM, { 0 }, 0 },
	{ "llc_socket", AF_LLC, SOCK_DGRAM, { 0 }, 0 },
	{ "can_socket", AF_CAN, SOCK_RAW, { 0 }, 0 },
	{ "tipc_socket", AF_TIPC, SOCK_STREAM, { 0 }, 0 },
	{ "iucv_socket", AF_IUCV, SOCK_STREAM, { 0 }, 0 },
	{ "rxrpc_socket", AF_RXRPC, SOCK_DGRAM, { 0 }, 0 },
	{ "isdn_socket", AF_ISDN, SOCK_RAW, { 0 }, 0 },
	{ "phonet_socket", AF_PHONET, SOCK_DGRAM, { 0 }, 0 },
	{ "ieee802154_socket", AF_IEEE802154, SOCK_DGRAM, { 0 }, 0 },
	{ "caif_socket", AF_CAIF, SOCK_STREAM, { 0 }, 0 },
	{ "nfc_socket", AF_NFC, SOCK_SEQPACKET, { 0 }, 0 },
	{ "kcm_socket", AF_KCM, SOCK_DGRAM, { 0 }, 0 },
	{ "qipcrtr_socket", AF_QIPCRTR, SOCK_DGRAM, { 0 }, 0 },
	{ "smc_socket", AF_SMC, SOCK_STREAM, { 0 }, 0 },
	{ "mctp_socket", FAMILY_MCTP, SOCK_DGRAM, { 0 }, 0 },
};

const struct socket_kind *socket_kind_find(const char *name)
{
	for (size_t i = 0; i < N_ELEMENTS(kinds); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

int socket_kind_open(const struct socket_kind *kind, bool v6)
{
	int family = kind->family ? kind->family : v6 ? AF_INET6 : AF_INET;
	int fd = socket(family, kind->type | SOCK_CLOEXEC, kind->protocol[v6 && !kind->family]);

	return fd < 0 ? -errno : fd;
}
