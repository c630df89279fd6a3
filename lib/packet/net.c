// SPDX-License-Identifier: GPL-2.0-only
#include "packet/net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/number.h"

unsigned int net_bits(int family)
{
	return family == AF_INET ? 32 : 128;
}

static bool bits_equal(const uint8_t *a, const uint8_t *b, unsigned int bits)
{
	unsigned int bytes = bits / 8, rest = bits % 8;

	if (memcmp(a, b, bytes))
		return false;
	return !rest || (a[bytes] ^ b[bytes]) >> (8 - rest) == 0;
}

/* Zeroes the bits after the prefix. */
static void clear_host_bits(struct net *net)
{
	unsigned int bytes = net->len / 8, rest = net->len % 8;

	if (rest) {
		net->addr[bytes] &= 0xff << (8 - rest);
		bytes++;
	}
	memset(net->addr + bytes, 0, sizeof(net->addr) - bytes);
}

static int net_parse_address(const char *text, struct net *net, struct err *err)
{
	*net = (struct net){ .family = strchr(text, ':') ? AF_INET6 : AF_INET };
	if (inet_pton(net->family, text, net->addr) == 1)
		return 0;
	err_set(err, -EINVAL, "not an IPv4 or IPv6 address");
	if (text[0] == '[')
		err_hint(err, "write the address without brackets");
	else if (strchr(text, '%'))
		err_hint(err, "write the address without %%INTERFACE");
	else if (net->family == AF_INET && strspn(text, "0123456789.-") != strlen(text))
		err_hint(err, "host names are not looked up");
	else
		err_hint(err, "such as 10.0.0.1, 10.0.0.0/8, fd00::1 or fd00::/8, without leading "
			      "zeros");
	return -EINVAL;
}

int net_parse(const char *text, struct net *net, struct err *err)
{
	const char *slash = strchr(text, '/');
	size_t n = slash ? (size_t)(slash - text) : strlen(text);
	char address[INET6_ADDRSTRLEN + 64] = "", meant[NET_STRLEN];
	struct net whole;
	int ret, len;

	/* a text that is cut here is too long for an address */
	memcpy(address, text, n < sizeof(address) ? n : sizeof(address) - 1);
	ret = net_parse_address(address, net, err);
	if (ret)
		return ret;
	len = slash ? number_parse(slash + 1, strlen(slash + 1), net_bits(net->family)) :
		      (int)net_bits(net->family);
	if (len < 0) {
		err_set(err, -EINVAL, "the prefix length is not a number from 0 to %u",
			net_bits(net->family));
		return -EINVAL;
	}
	net->len = len;
	whole = *net;
	clear_host_bits(net);
	if (!memcmp(whole.addr, net->addr, sizeof(whole.addr)))
		return 0;
	err_set(err, -EINVAL, "bits after the prefix are set");
	err_hint(err, "write the network as %s, the address as %s", net_format(net, meant),
		 address);
	return -EINVAL;
}

const char *net_format(const struct net *net, char out[NET_STRLEN])
{
	size_t used;

	inet_ntop(net->family, net->addr, out, INET6_ADDRSTRLEN);
	used = strlen(out);
	if (net->len < net_bits(net->family))
		snprintf(out + used, NET_STRLEN - used, "/%u", net->len);
	return out;
}

bool net_contains(const struct net *a, const struct net *b)
{
	return a->family == b->family && a->len <= b->len && bits_equal(a->addr, b->addr, a->len);
}

bool net_is_mapped(const struct net *net)
{
	static const uint8_t prefix[12] = { [10] = 0xff, [11] = 0xff };

	return net->family == AF_INET6 && net->len >= 96 &&
	       !memcmp(net->addr, prefix, sizeof(prefix));
}
