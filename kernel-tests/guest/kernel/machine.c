// SPDX-License-Identifier: GPL-2.0-only
/* What PID 1 does to the machine: stop it, open its lines, run a program. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/machine.h"

void machine_stop(void)
{
	sync();
	/* QEMU runs with -no-reboot, so a restart ends it, ACPI or not. */
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}

void bail_out(const char *fmt, ...)
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

/* Opens above the three standard descriptors; the kernel may have left some of these closed. */
static int open_high(const char *path, int flags)
{
	int fd = open(path, flags | O_NOCTTY | O_CLOEXEC), high = fcntl(fd, F_DUPFD_CLOEXEC, 3);

	close(fd);
	return high;
}

void streams_open(const char *results)
{
	int fds[] = { open_high("/dev/null", O_RDONLY), open_high(results, O_WRONLY),
		      open_high("/dev/console", O_RDWR) };

	for (int i = 0; i < 3; i++) {
		dup2(fds[i] >= 0 ? fds[i] : fds[2], i);
		close(fds[i]);
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
}

int program_run(const char *const argv[])
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		execv(argv[0], (char *const *)argv);
		_exit(127);
	}
	/* PID 1 also inherits orphans: wait for our own child. */
	while (pid > 0 && waitpid(-1, &status, 0) != pid)
		;
	return status;
}
