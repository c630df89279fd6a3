// SPDX-License-Identifier: GPL-2.0-only
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "kernel/module.h"
#include "kernel/policy.h"
#include "runner/needs.h"
#include "runner/test.h"
#include "tools/legacy.h"
#include "tools/nft.h"

/* What a kernel or a build may lack; a case that needs it is skipped with this reason. */
static const struct need {
	const char *name, *path, *reason;
} needs[] = {
	{ "drop-in", "/usr/lib/secmark2/drop-in/libxt_SECMARK.so",
	  "the drop-in plugins are not built" },
	{ "module", MODULE_FILE, "there is no kernel module xt_secmark2" },
	{ "other-module", "/lib/modules/secmark2/other-revision.ko",
	  "there is no such module of another revision" },
	{ "later-module", "/lib/modules/secmark2/later.ko",
	  "there is no such module of another revision" },
	{ "other-plugins", "/usr/lib/secmark2/other-revision/libxt_SECMARK2.so",
	  "there are no plugins of another revision" },
	{ "slow-module", "/lib/modules/secmark2/slow.ko", "there is no slow module" },
	{ "policies", POLICY_REDUCED, "there is no second policy" },
	{ "slabinfo", "/proc/slabinfo", "this kernel does not tell what its slab caches hold" },
	{ "ia32", "/sbin/guest-rule32", "the program for 32 bits is not built" },
	{ "legacy", "/sbin/iptables-legacy", "there is no iptables-legacy" },
	{ "ipsec", "/proc/sys/net/core/xfrm_acq_expires", "this kernel has no IPsec" },
	{ "pf-key", "/proc/net/pfkey", "this kernel has no PF_KEY" },
	{ "netlabel", "/sbin/netlabelctl", "netlabelctl is not installed" },
	{ "calipso", "/proc/sys/net/ipv6/calipso_cache_enable", "this kernel has no CALIPSO" },
	{ "nft-command", "/sbin/nft", "nft is not installed" },
	{ "tc", "/sbin/tc", "tc is not installed" },
	{ "tunnels", "/sbin/ip", "there is no ip(8)" },
	{ "devices", "/sbin/ip", "there is no ip(8)" },
	{ "ipv6", "/proc/net/if_inet6", "this kernel has no IPv6" },
	/* A protocol may be a module, which its first socket loads: sctp_load() sees to that. */
	{ "sctp", "/proc/net/sctp", "this kernel has no SCTP" },
	{ "udplite", "/proc/net/udplite", "this kernel has no UDP-Lite" },
	{ "mptcp", "/proc/sys/net/mptcp/enabled", "this kernel has no MPTCP" },
	{ "mptcp-labels", "/proc/sys/net/mptcp/enabled", "this kernel has no MPTCP" },
	{ "mptcp-class", "/proc/sys/net/mptcp/enabled", "this kernel has no MPTCP" },
	{ "mctp", "/proc/version", "there is no /proc" },
	{ "target-families", "/proc/version", "there is no /proc" },
};

static void sctp_load(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_SCTP);

	if (fd >= 0)
		close(fd);
}

bool needs_know(const char *name)
{
	for (size_t i = 0; i < N_ELEMENTS(needs); i++)
		if (!strcmp(needs[i].name, name))
			return true;
	return false;
}

/* Emptying a table is enough to find out, but that takes the code for 32-bit programs. */
static bool ia32_works(void)
{
	return system("/sbin/guest-rule32 4 security > /dev/null 2>&1") == 0;
}

/* Asks once: it takes some commands. */
static bool tunnels_work(void)
{
	static const char probe[] =
		"exec > /dev/null 2>&1; /sbin/ip xfrm state && for type in 'gre local 127.0.0.1' "
		"'sit local 127.0.0.1' 'vxlan id 1 dstport 4789' wireguard; do "
		"/sbin/ip link add probe0 type $type && /sbin/ip link del probe0 || exit 1; done";
	static int status = -1;

	if (status == -1)
		status = system(probe);
	return !status;
}

/* As above. A bridge has its own use of iptables. */
static bool devices_work(void)
{
	static const char probe[] =
		"exec > /dev/null 2>&1; /sbin/ip link add probe0 type veth peer name probe1; "
		"for type in 'vrf table 10' bridge macvlan ipvlan; do "
		"/sbin/ip link add probe2 link probe0 type $type && /sbin/ip link del probe2 || "
		"exit 1; done; /sbin/ip link del probe0; "
		"modprobe br_netfilter; [ -e /proc/sys/net/bridge/bridge-nf-call-iptables ]";
	static int status = -1;

	if (status == -1)
		status = system(probe);
	return !status;
}

/*
 * Without security_mptcp_add_subflow(), which came with 6.4, the kernel's label is checked, not the
 * program's. A kernel that does not tell its symbols is taken for one that has it.
 */
static bool mptcp_labels(void)
{
	static int status = -1;

	if (status == -1)
		status = !access("/proc/kallsyms", R_OK) &&
			 system("grep -q ' security_mptcp_add_subflow$' /proc/kallsyms");
	return !status;
}

/* A kernel that does not tell its version is taken for a new one. */
static bool kernel_since(int major, int minor)
{
	struct utsname name;
	int is_major = 0, is_minor = 0;

	if (uname(&name) || sscanf(name.release, "%d.%d", &is_major, &is_minor) != 2)
		return true;
	return is_major > major || (is_major == major && is_minor >= minor);
}

/*
 * Debian's 5.10 lacks "netfilter: xtables: avoid NFPROTO_UNSPEC where needed", its 6.1 has it. By
 * version, so that a later kernel without it fails.
 */
static bool target_families(void)
{
	return kernel_since(6, 1);
}

/* With "selinux: handle MPTCP consistently with TCP"; before it the class was rawip_socket. */
static bool mptcp_class(void)
{
	return kernel_since(5, 11);
}

/* An older kernel knows no family of this number, and asks SELinux nothing. */
static bool mctp_known(void)
{
	return kernel_since(5, 15);
}

const char *needs_missing(const struct test *t)
{
	bool v6 = !strcmp(vars_get(&t->vars, "FAMILY", 6), "6");

	if (strs_has(&t->tc->needs, "sctp"))
		sctp_load();
	for (size_t i = 0; i < N_ELEMENTS(needs); i++) {
		bool needed = strs_has(&t->tc->needs, needs[i].name) ||
			      (v6 && !strcmp(needs[i].name, "ipv6")) ||
			      (t->module && !strcmp(needs[i].name, "module"));

		if (needed && access(needs[i].path, F_OK))
			return needs[i].reason;
	}
	if (strs_has(&t->tc->needs, "tunnels") && !tunnels_work())
		return "this kernel lacks a kind of tunnel";
	if (strs_has(&t->tc->needs, "devices") && !devices_work())
		return "this kernel lacks a kind of device";
	if (strs_has(&t->tc->needs, "mptcp-labels") && !mptcp_labels())
		return "this kernel checks the label of the kernel for MPTCP";
	if (strs_has(&t->tc->needs, "target-families") && !target_families())
		return "this kernel lets rules of ARP and bridges label packets";
	if (strs_has(&t->tc->needs, "mptcp-class") && !mptcp_class())
		return "this kernel has no class for the sockets of MPTCP";
	if (strs_has(&t->tc->needs, "mctp") && !mctp_known())
		return "this kernel has no MCTP";
	if (strs_has(&t->tc->needs, "ia32") && !ia32_works())
		return "this kernel takes no rules from 32-bit programs";
	if (strs_has(&t->tc->needs, "legacy") && !legacy_works(false))
		return "this kernel has no legacy iptables with SECMARK";
	if (!strcmp(vars_get(&t->vars, "VARIANT", 7), "legacy"))
		return legacy_works(v6) ? NULL : "this kernel has no legacy iptables with SECMARK";
	return nft_works(v6) ? NULL : "this kernel has no nf_tables that take SECMARK";
}
