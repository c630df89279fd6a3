// SPDX-License-Identifier: GPL-2.0-only
/*
 * PID 1 of the guest: mounts, loads the policy, proves that SELinux enforces it, runs the cases, stops the machine.
 * Results go to the second serial port; the console stays the kernel's.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util.h"

#define CONF "/etc/secmark2"
#define PLUGINS "/usr/lib/secmark2/xtables:/usr/lib/secmark2/stock"
#define RESULTS "/dev/ttyS1"

static const struct {
	const char *source, *target, *type, *data;
} mounts[] = {
	{ "proc", "/proc", "proc", NULL },
	{ "sysfs", "/sys", "sysfs", NULL },
	{ "devtmpfs", "/dev", "devtmpfs", NULL },
	{ "tmpfs", "/run", "tmpfs", "mode=755" },
	{ "tmpfs", "/tmp", "tmpfs", "mode=1777" },
};

static void __attribute__((noreturn)) machine_stop(void)
{
	sync();
	/* QEMU runs with -no-reboot, so a restart ends it, ACPI or not. */
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}

/* "cannot judge: ..." makes the host exit with 125; any other reason is a failure. */
static void __attribute__((noreturn, format(printf, 1, 2))) bail_out(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	printf("Bail out! ");
	vprintf(fmt, ap);
	printf("\n");
	va_end(ap);
	fflush(stdout);
	machine_stop();
}

static void mount_all(void)
{
	for (size_t i = 0; i < N_ELEMENTS(mounts); i++) {
		mkdir(mounts[i].target, 0755);
		/* devtmpfs may be there already, and kernels differ in that. */
		if (mount(mounts[i].source, mounts[i].target, mounts[i].type, 0, mounts[i].data) && errno != EBUSY)
			bail_out("cannot judge: mount %s: %s", mounts[i].target, strerror(errno));
	}
	mkdir("/run/netns", 0755);
}

/* Above the three standard descriptors, whatever of these the kernel has left open; and not for those who are executed. */
static int open_high(const char *path, int flags)
{
	int fd = open(path, flags | O_NOCTTY | O_CLOEXEC), high = fcntl(fd, F_DUPFD_CLOEXEC, 3);

	close(fd);
	return high;
}

static void open_streams(const char *results)
{
	int fds[] = { open_high("/dev/null", O_RDONLY), open_high(results, O_WRONLY), open_high("/dev/console", O_RDWR) };

	for (int i = 0; i < 3; i++) {
		dup2(fds[i] >= 0 ? fds[i] : fds[2], i);
		close(fds[i]);
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
}

/* The runner's probe for "are packets checked?" goes over it. */
static void loopback_up(void)
{
	struct ifreq ifr = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &ifr))
		bail_out("cannot judge: no loopback: %s", strerror(errno));
	close(fd);
}

static void module_load(void)
{
	/* Autoloading would do, but one modprobe for all is faster than one for each. A kernel may have them built in. */
	if (access("/etc/secmark2/modules", R_OK) == 0 &&
	    system("/bin/busybox xargs /sbin/modprobe -qa < " CONF "/modules") < 0)
		perror("modprobe");
}

static void policy_load(void)
{
	size_t len = 0;
	char *image;
	int err;

	if (mount("selinuxfs", "/sys/fs/selinux", "selinuxfs", 0, NULL))
		bail_out("cannot judge: this kernel has no SELinux: mount selinuxfs: %s", strerror(errno));
	image = file_slurp(CONF "/policy", &len);
	if (!image)
		bail_out("no policy in the initramfs: %s", strerror(errno));
	err = file_write("/sys/fs/selinux/load", image, len);
	if (err)
		bail_out("the kernel refuses the policy: %s", strerror(-err));
	free(image);
}

/*
 * A load that goes wrong leaves everything allowed and every context "kernel"; a suite that then passes has shown
 * nothing. So: my own context is a full one, enforce says 1, and something that the policy denies is denied.
 */
static void assert_enforcing(void)
{
	static const char *const locked[] = {
		"system_u:system_r:locked_t:s0",	/* policy/domains.cil */
		"system_u:system_r:auditd_t:s0",	/* refpolicy */
	};
	char buf[256];
	int err;

	err = file_read("/proc/self/attr/current", buf, sizeof(buf));
	if (err < 0 || strcmp(buf, "system_u:system_r:kernel_t:s0"))
		bail_out("SELinux does not enforce: my context is '%s'", err < 0 ? strerror(-err) : buf);
	err = file_read("/sys/fs/selinux/enforce", buf, sizeof(buf));
	if (err < 0 || strcmp(buf, "1"))
		bail_out("SELinux does not enforce: enforce is '%s'", err < 0 ? strerror(-err) : buf);
	for (size_t i = 0; i < N_ELEMENTS(locked); i++) {
		err = domain_enter(locked[i]);
		if (err == -EACCES)
			return;
		/* EINVAL: another policy, which has no such domain */
		if (err != -EINVAL)
			bail_out("SELinux does not enforce: the policy keeps me out of %s, the kernel says '%s'",
				 locked[i], err ? strerror(-err) : "welcome");
	}
	bail_out("nothing in this policy is known to be denied");
}

static int run(const char *const argv[])
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		execv(argv[0], (char *const *)argv);
		_exit(127);
	}
	/* PID 1 also inherits orphans: wait until it is ours that ended. */
	while (pid > 0 && waitpid(-1, &status, 0) != pid)
		;
	return status;
}

/*
 * The initramfs' own root carries no labels, and neither does anything mounted before the policy: a confined program
 * could do nothing there. So all is copied to a file system mounted now, labeled from the file contexts, and becomes the root.
 */
static void root_relabel(void)
{
	static const char script[] =
		"set -e\n"
		"mount -t tmpfs -o fscontext=system_u:object_r:fs_t:s0 root /newroot\n"
		"for d in bin sbin etc lib lib64 usr; do [ ! -e /$d ] || cp -a /$d /newroot/; done\n"
		"mkdir -p /newroot/dev /newroot/proc /newroot/sys /newroot/run/setrans /newroot/run/netns /newroot/tmp /newroot/var\n"
		"ln -s ../run /newroot/var/run\n"
		"setfiles -F -r /newroot /etc/selinux/default/contexts/files/file_contexts /newroot\n"
		"setfiles -F /etc/selinux/default/contexts/files/file_contexts /dev\n"
		"for d in dev proc sys; do mount --move /$d /newroot/$d; done\n";
	const char *const argv[] = { "/bin/sh", "-c", script, NULL };

	if (run(argv))
		bail_out("cannot judge: the root file system cannot be labeled");
	if (chdir("/newroot") || mount(".", "/", NULL, MS_MOVE, NULL) || chroot("."))
		bail_out("cannot judge: no new root: %s", strerror(errno));
}

static void selinux_start(bool enforce)
{
	int err;

	policy_load();
	if (access(CONF "/relabel", F_OK) == 0)
		root_relabel();
	err = enforce ? file_puts("/sys/fs/selinux/enforce", "1") : 0;
	if (err)
		bail_out("cannot switch to enforcing: %s", strerror(-err));
	/* Without it the kernel drops records of a burst of denials. */
	file_puts("/proc/sys/kernel/printk_ratelimit", "0");
}

/* As systemd does: kernel_t may do nothing but become init_t, which starts the rest; descriptors are opened anew by it. */
static void become_init(bool shell)
{
	static const char context[] = "system_u:system_r:init_t:s0";
	int err = domain_enter(context);

	/* What is executed from here stays init_t, not initrc_t: only init_t may read audit records. */
	if (!err)
		err = file_puts("/proc/self/attr/exec", context);
	if (err)
		bail_out("cannot judge: kernel_t cannot become init_t: %s", strerror(-err));
	open_streams(shell ? "/dev/console" : RESULTS);
}

static void shell_run(void)
{
	const char *const argv[] = { "/bin/sh", "-l", NULL };
	int tty;

	setsid();
	tty = open("/dev/ttyS0", O_RDWR);
	ioctl(tty, TIOCSCTTY, 1);
	setenv("XTABLES_LIBDIR", PLUGINS, 1);
	for (int fd = 0; fd < 3; fd++)
		dup2(tty, fd);
	run(argv);
}

/* Whatever the script prints is passed on by the host, up to the line that ends it. */
static void script_run(void)
{
	static const char *const argv[] = { "/bin/sh", CONF "/script", NULL };
	int status;

	setenv("XTABLES_LIBDIR", PLUGINS, 1);
	dup2(1, 2);
	status = run(argv);
	printf("exit %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/* The options of the host's command line arrive in a file: a kernel command line could not carry every pattern. */
static void cases_run(void)
{
	static const char *argv[128] = { "/sbin/guest-run" };
	static char conf[16384];
	int argc = 1, status;

	if (file_read(CONF "/args", conf, sizeof(conf)) < 0)
		conf[0] = '\0';
	for (char *word = strtok(conf, "\n"); word && argc < 127; word = strtok(NULL, "\n"))
		argv[argc++] = word;
	status = run(argv);
	if (WIFSIGNALED(status))
		bail_out("the runner died of signal %d", WTERMSIG(status));
	if (WEXITSTATUS(status) > 1)
		bail_out("the runner exited with status %d", WEXITSTATUS(status));
}

int main(void)
{
	bool shell = access(CONF "/shell", F_OK) == 0;
	bool enforce = access(CONF "/permissive", F_OK) != 0;

	mount_all();
	open_streams(shell ? "/dev/console" : RESULTS);
	setenv("PATH", "/sbin:/bin:/usr/sbin:/usr/bin", 1);
	module_load();
	loopback_up();
	selinux_start(enforce);
	assert_enforcing();
	if (access(CONF "/relabel", F_OK) == 0)
		become_init(shell);
	if (shell)
		shell_run();
	else if (access(CONF "/script", F_OK) == 0)
		script_run();
	else
		cases_run();
	fflush(stdout);
	machine_stop();
}
