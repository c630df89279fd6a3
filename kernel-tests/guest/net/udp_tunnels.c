// SPDX-License-Identifier: GPL-2.0-only
#include "net/udp_tunnels.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/udp.h>
#include <linux/wireguard.h>
#include <linux/xfrm.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/netlink.h"
#include "net/topology.h"

#define ESP_PORT 4500
#define WIREGUARD_PORT 51820

/* The socket stays open as long as the guest runs. */
int udp_tunnel_esp(const struct netns *ns)
{
	const struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons(ESP_PORT) };
	/* the outer packets come in clear, which the policies of the hosts forbid */
	const struct xfrm_userpolicy_info clear = { .sel.family = AF_INET,
						    .dir = XFRM_POLICY_IN,
						    .action = XFRM_POLICY_ALLOW };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), type = UDP_ENCAP_ESPINUDP;

	(void)ns;
	if (fd < 0 || setsockopt(fd, IPPROTO_IP, IP_XFRM_POLICY, &clear, sizeof(clear)) ||
	    bind(fd, (const struct sockaddr *)&any, sizeof(any)) ||
	    setsockopt(fd, IPPROTO_UDP, UDP_ENCAP, &type, sizeof(type)))
		return -errno;
	return 0;
}

/* Each host's private key is one byte again and again; here are the public ones. */
static const unsigned char public_keys[2][WG_KEY_LEN] = {
	{ 0xa4, 0xe0, 0x92, 0x92, 0xb6, 0x51, 0xc2, 0x78, 0xb9, 0x77, 0x2c,
	  0x56, 0x9f, 0x5f, 0xa9, 0xbb, 0x13, 0xd9, 0x06, 0xb4, 0x6a, 0xb6,
	  0x8c, 0x9d, 0xf9, 0xdc, 0x2b, 0x44, 0x09, 0xf8, 0xa2, 0x09 },
	{ 0xce, 0x8d, 0x3a, 0xd1, 0xcc, 0xb6, 0x33, 0xec, 0x7b, 0x70, 0xc1,
	  0x78, 0x14, 0xa5, 0xc7, 0x6e, 0xcd, 0x02, 0x96, 0x85, 0x05, 0x0d,
	  0x34, 0x47, 0x45, 0xba, 0x05, 0x87, 0x0e, 0x58, 0x7d, 0x59 },
};

/* Answers of generic netlink: an error has its number, another message is returned. */
static int generic_answer(int fd, void *buf, size_t size)
{
	ssize_t n = recv(fd, buf, size, 0);
	const struct nlmsghdr *nlh = buf;

	if (n < (ssize_t)NLMSG_LENGTH(sizeof(int)))
		return -EIO;
	return nlh->nlmsg_type == NLMSG_ERROR ? *(const int *)NLMSG_DATA(nlh) : (int)n;
}

static int wireguard_family(int fd)
{
	char body[64] = { 0 }, answer[4096];
	struct genlmsghdr head = { .cmd = CTRL_CMD_GETFAMILY };
	const char *attrs = (const char *)NLMSG_DATA(answer) + sizeof(head);
	const struct nlattr *id;
	size_t len = sizeof(head);
	int n;

	memcpy(body, &head, sizeof(head));
	len += attr_put(body + len, CTRL_ATTR_FAMILY_NAME, WG_GENL_NAME, sizeof(WG_GENL_NAME));
	n = netlink_send(fd, GENL_ID_CTRL, 0, body, len);
	if (!n)
		n = generic_answer(fd, answer, sizeof(answer));
	if (n < 0)
		return n;
	id = attr_find(attrs, n - NLMSG_LENGTH(sizeof(head)), CTRL_ATTR_FAMILY_ID);
	return id ? *(const uint16_t *)attr_data(id) : -EIO;
}

static size_t put_all_addresses(char *at, uint16_t family, size_t address)
{
	char one[64], zeros[16] = { 0 };
	size_t len = attr_put(one, WGALLOWEDIP_A_FAMILY, &family, sizeof(family));

	len += attr_put(one + len, WGALLOWEDIP_A_IPADDR, zeros, address);
	len += attr_put(one + len, WGALLOWEDIP_A_CIDR_MASK, zeros, 1);
	return attr_put(at, NLA_F_NESTED, one, len);
}

static size_t put_peer(char *at, int other)
{
	struct sockaddr_in endpoint = { .sin_family = AF_INET, .sin_port = htons(WIREGUARD_PORT) };
	char peer[256], addresses[128];
	size_t len = attr_put(peer, WGPEER_A_PUBLIC_KEY, public_keys[other], WG_KEY_LEN), all;

	inet_pton(AF_INET, other ? "10.6.0.2" : "10.6.0.1", &endpoint.sin_addr);
	len += attr_put(peer + len, WGPEER_A_ENDPOINT, &endpoint, sizeof(endpoint));
	all = put_all_addresses(addresses, AF_INET, 4);
	all += put_all_addresses(addresses + all, AF_INET6, 16);
	len += attr_put(peer + len, WGPEER_A_ALLOWEDIPS | NLA_F_NESTED, addresses, all);
	return attr_put(at, NLA_F_NESTED, peer, len);
}

int udp_tunnel_wireguard(const struct netns *ns)
{
	int self = strcmp(ns->name, "client") != 0;
	char body[480] = { 0 }, peers[300], key[WG_KEY_LEN], answer[4096];
	struct genlmsghdr head = { .cmd = WG_CMD_SET_DEVICE, .version = WG_GENL_VERSION };
	uint16_t port = WIREGUARD_PORT;
	size_t len = sizeof(head), peers_len;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC), family, ret;

	memset(key, 1 + self, sizeof(key));
	memcpy(body, &head, sizeof(head));
	len += attr_put(body + len, WGDEVICE_A_IFNAME, "t0", sizeof("t0"));
	len += attr_put(body + len, WGDEVICE_A_PRIVATE_KEY, key, sizeof(key));
	len += attr_put(body + len, WGDEVICE_A_LISTEN_PORT, &port, sizeof(port));
	peers_len = put_peer(peers, !self);
	len += attr_put(body + len, WGDEVICE_A_PEERS | NLA_F_NESTED, peers, peers_len);
	family = fd < 0 ? -errno : wireguard_family(fd);
	ret = family < 0 ? family : netlink_send(fd, family, NLM_F_ACK, body, len);
	if (!ret)
		ret = generic_answer(fd, answer, sizeof(answer));
	if (fd >= 0)
		close(fd);
	return ret;
}
