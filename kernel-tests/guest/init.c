// SPDX-License-Identifier: GPL-2.0-only
/*
 * PID 1 of the guest: mounts, loads the policy, proves that SELinux enforces it, runs the cases,
 * stops the machine. Results go to a port of their own; the console stays the kernel's.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/enforce.h"
#include "kernel/machine.h"
#include "runner/util.h"

#define PLUGINS "/usr/lib/secmark2/xtables:/usr/lib/secmark2/stock"
#define RESULTS "/dev/ttyS1"

/* A guest without a second serial port has a file that names another port, and its driver. */
#define RESULTS_FILE CONF "/results"
#define RESULTS_MS 60000

static const struct {
	const char *source, *target, *type, *data;
} mounts[] = {
	{ "proc", "/proc", "proc", NULL },         { "sysfs", "/sys", "sysfs", NULL },
	{ "devtmpfs", "/dev", "devtmpfs", NULL },  { "tmpfs", "/run", "tmpfs", "mode=755" },
	{ "tmpfs", "/tmp", "tmpfs", "mode=1777" },
};

static void init_mount(void)
{
	for (size_t i = 0; i < N_ELEMENTS(mounts); i++) {
		mkdir(mounts[i].target, 0755);
		/* devtmpfs may be there already, and kernels differ in that. */
		if (mount(mounts[i].source, mounts[i].target, mounts[i].type, 0, mounts[i].data) &&
		    errno != EBUSY)
			bail_out("cannot judge: mount %s: %s", mounts[i].target, strerror(errno));
	}
	mkdir("/run/netns", 0755);
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

/* A console of virtio has its file before it can be opened. */
static bool can_open(const char *path)
{
	int fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static const char *results_path(void)
{
	size_t len;
	char *path = file_slurp(RESULTS_FILE, &len);

	if (!path)
		return RESULTS;
	path[strcspn(path, "\n")] = '\0';
	if (system("/bin/busybox tail -n +2 " RESULTS_FILE
		   " | /bin/busybox xargs /sbin/modprobe -qa") < 0)
		perror("modprobe");
	for (int ms = 0; ms < RESULTS_MS && !can_open(path); ms++)
		poll(NULL, 0, 1);
	return path;
}

static void shell_install(void)
{
	static const char *const argv[] = { "/bin/busybox", "--install", "-s", "/bin", NULL };

	program_run(argv);
}

static void init_load_modules(void)
{
	/*
	 * Autoloading would do, but one modprobe for all is faster than one for each. A kernel may
	 * have them built in.
	 */
	if (access(CONF "/modules", R_OK) == 0 &&
	    system("/bin/busybox xargs /sbin/modprobe -qa < " CONF "/modules") < 0)
		perror("modprobe");
}

static void init_run_shell(void)
{
	const char *const argv[] = { "/bin/sh", "-l", NULL };
	size_t len;
	char *active = file_slurp("/sys/class/tty/console/active", &len), path[64];
	int tty;

	snprintf(path, sizeof(path), "/dev/%.*s", active ? (int)strcspn(active, "\n") : 0,
		 active ? active : "");
	setsid();
	tty = open(path, O_RDWR);
	ioctl(tty, TIOCSCTTY, 1);
	setenv("XTABLES_LIBDIR", PLUGINS, 1);
	for (int fd = 0; fd < 3; fd++)
		dup2(tty, fd);
	program_run(argv);
}

/* The host passes on what the script prints, up to the line that ends it. */
static void init_run_script(void)
{
	static const char *const argv[] = { "/bin/sh", CONF "/script", NULL };
	int status;

	setenv("XTABLES_LIBDIR", PLUGINS, 1);
	dup2(1, 2);
	status = program_run(argv);
	printf("exit %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/*
 * The options of the host's command line arrive in a file: a kernel command line could not carry
 * every pattern. Each line is one word, an empty one too.
 */
static void init_run_cases(void)
{
	struct strs words = { 0 };
	const char **argv;
	int argc = 1, status;
	size_t len = 0;
	char *conf = file_slurp(CONF "/args", &len);

	if (!conf || !len || conf[len - 1] != '\n' || strlen(conf) != len)
		bail_out("cannot judge: " CONF "/args is missing or incomplete");
	strs_add_lines(&words, conf);
	argv = must_alloc((words.n + 2) * sizeof(*argv));
	argv[0] = "/sbin/guest-run";
	for (size_t i = 0; i < words.n; i++)
		argv[argc++] = words.v[i];
	status = program_run(argv);
	if (WIFSIGNALED(status))
		bail_out("the runner died of signal %d", WTERMSIG(status));
	if (WEXITSTATUS(status) > 1)
		bail_out("the runner exited with status %d", WEXITSTATUS(status));
}

int main(void)
{
	const char *results = "/dev/console";

	init_mount();
	if (access(CONF "/shell", F_OK))
		results = results_path();
	streams_open(results);
	setenv("PATH", "/sbin:/bin:/usr/sbin:/usr/bin", 1);
	shell_install();
	init_load_modules();
	loopback_up();
	enforce_start(access(CONF "/permissive", F_OK) == 0);
	if (whole_policy()) {
		become_init();
		streams_open(results);
	}
	if (access(CONF "/shell", F_OK) == 0)
		init_run_shell();
	else if (access(CONF "/script", F_OK) == 0)
		init_run_script();
	else
		init_run_cases();
	fflush(stdout);
	machine_stop();
}
