// SPDX-License-Identifier: GPL-2.0-only
/* From a kernel without a policy to one that provably enforces ours. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "kernel/enforce.h"
#include "kernel/machine.h"
#include "runner/util.h"

static void enforce_load_policy(void)
{
	size_t len = 0;
	char *image;
	int err;

	if (mount("selinuxfs", "/sys/fs/selinux", "selinuxfs", 0, NULL))
		bail_out("cannot judge: this kernel has no SELinux: mount selinuxfs: %s",
			 strerror(errno));
	image = file_slurp(CONF "/policy", &len);
	if (!image)
		bail_out("no policy in the initramfs: %s", strerror(errno));
	err = file_write("/sys/fs/selinux/load", image, len);
	if (err)
		bail_out("the kernel refuses the policy: %s", strerror(-err));
	free(image);
}

/*
 * If the policy is not loaded, everything is allowed and every context is "kernel"; cases that pass
 * then show nothing. So check: my context is a full one, enforce is 1, and a denial is a denial.
 */
static void enforce_prove(void)
{
	static const char *const locked[] = {
		"system_u:system_r:locked_t:s0", /* policy/domains.cil */
		"system_u:system_r:auditd_t:s0", /* refpolicy */
	};
	char buf[256];
	int err;

	err = file_read("/proc/self/attr/current", buf, sizeof(buf));
	if (err < 0 || strcmp(buf, "system_u:system_r:kernel_t:s0"))
		bail_out("SELinux does not enforce: my context is '%s'",
			 err < 0 ? strerror(-err) : buf);
	err = file_read("/sys/fs/selinux/enforce", buf, sizeof(buf));
	if (err < 0 || strcmp(buf, "1"))
		bail_out("SELinux does not enforce: enforce is '%s'",
			 err < 0 ? strerror(-err) : buf);
	for (size_t i = 0; i < N_ELEMENTS(locked); i++) {
		err = domain_enter(locked[i]);
		if (err == -EACCES)
			return;
		/* EINVAL: another policy, which has no such domain */
		if (err != -EINVAL)
			bail_out("SELinux does not enforce: the policy keeps me out of %s, "
				 "the kernel says '%s'",
				 locked[i], err ? strerror(-err) : "welcome");
	}
	bail_out("nothing in this policy is known to be denied");
}

/*
 * The root of the initramfs has no labels, so a confined program could do nothing there. This
 * copies it to a new file system, labels that from the file contexts, and makes it the root.
 */
static void enforce_relabel_root(void)
{
	static const char script[] =
		"set -e\n"
		"mount -t tmpfs -o fscontext=system_u:object_r:fs_t:s0 root /newroot\n"
		"for d in bin sbin etc lib lib64 usr; do\n"
		"	[ ! -e /$d ] || cp -a /$d /newroot/\n"
		"done\n"
		"cd /newroot; mkdir -p dev proc sys run/setrans run/netns tmp var; cd /\n"
		"ln -s ../run /newroot/var/run\n"
		"setfiles -F -r /newroot "
		"/etc/selinux/default/contexts/files/file_contexts /newroot\n"
		"setfiles -F /etc/selinux/default/contexts/files/file_contexts /dev\n"
		"for d in dev proc sys; do mount --move /$d /newroot/$d; done\n";
	const char *const argv[] = { "/bin/sh", "-c", script, NULL };

	if (program_run(argv))
		bail_out("cannot judge: the root file system cannot be labeled");
	if (chdir("/newroot") || mount(".", "/", NULL, MS_MOVE, NULL) || chroot("."))
		bail_out("cannot judge: no new root: %s", strerror(errno));
}

bool whole_policy(void)
{
	return access(CONF "/relabel", F_OK) == 0;
}

void enforce_start(bool permissive)
{
	int err;

	enforce_load_policy();
	if (whole_policy())
		enforce_relabel_root();
	err = permissive ? 0 : file_puts("/sys/fs/selinux/enforce", "1");
	if (err)
		bail_out("cannot switch to enforcing: %s", strerror(-err));
	/* Without it the kernel drops records of a burst of denials. */
	file_puts("/proc/sys/kernel/printk_ratelimit", "0");
	enforce_prove();
}

void become_init(void)
{
	static const char context[] = "system_u:system_r:init_t:s0";
	int err = domain_enter(context);

	/* Programs started from here stay in init_t: initrc_t may not read audit records. */
	if (!err)
		err = file_puts("/proc/self/attr/exec", context);
	if (err)
		bail_out("cannot judge: kernel_t cannot become init_t: %s", strerror(-err));
}
