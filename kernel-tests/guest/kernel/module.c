// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel module xt_secmark2. Some cases need it, all others must not find it. Plugins ask the
 * kernel for it, and the kernel asks modprobe; so the file is put where modprobe finds it, or taken
 * away.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "kernel/module.h"

#define UNLOAD_MS 3000

static int module_unload(const char *name)
{
	long long end = now_ms() + UNLOAD_MS;

	/* nf_tables lets go of a rule's target only after an RCU grace period. */
	while (syscall(SYS_delete_module, name, O_NONBLOCK)) {
		if (errno == ENOENT)
			return 0;
		if (errno != EWOULDBLOCK || now_ms() > end)
			return -errno;
		poll(NULL, 0, 1);
	}
	return 0;
}

int module_offer(bool offered)
{
	struct utsname name;
	char path[256];
	int err;

	uname(&name);
	snprintf(path, sizeof(path), "/lib/modules/%s/xt_secmark2.ko", name.release);
	if (offered)
		return symlink(MODULE_FILE, path) && errno != EEXIST ? -errno : 0;
	if (unlink(path) && errno != ENOENT)
		return -errno;
	err = module_unload("xt_secmark2");
	/* the one of a later revision, which only a failed test leaves */
	return err ? err : module_unload("secmark2_later");
}
