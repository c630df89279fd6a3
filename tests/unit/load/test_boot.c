// SPDX-License-Identifier: GPL-2.0-only
/* A boot plan is written only if it can be read again. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/file.h"
#include "load/boot.h"
#include "load/state.h"
#include "support/long_text.h"

/* In a chroot "/" is not the root of the mounts, and cannot be made private. */
static bool make_mounts_private(void)
{
	int root = open("/", O_PATH | O_CLOEXEC);
	int here = open(".", O_PATH | O_CLOEXEC);
	int mounts = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	/* setns() leaves the chroot */
	bool good = root >= 0 && here >= 0 && mounts >= 0 && !setns(mounts, CLONE_NEWNS) &&
		    !mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) && !fchdir(root) &&
		    !chroot(".") && !fchdir(here);

	close(root);
	close(here);
	close(mounts);
	return good;
}

static bool put(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC);
	bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	close(fd);
	return good;
}

/* Without root: this process becomes root of a user namespace. */
static bool be_root(void)
{
	char uids[40], gids[40];

	snprintf(uids, sizeof(uids), "0 %u 1", geteuid());
	snprintf(gids, sizeof(gids), "0 %u 1", getegid());
	return !unshare(CLONE_NEWUSER) && put("/proc/self/setgroups", "deny") &&
	       put("/proc/self/uid_map", uids) && put("/proc/self/gid_map", gids);
}

/* A /var/lib that only this process sees, which is process 1. The first process waits for it. */
static bool have_own_folder(void)
{
	int status;
	pid_t pid;

	if ((geteuid() && !be_root()) || unshare(CLONE_NEWNS | CLONE_NEWPID))
		return false;
	pid = fork();
	if (pid > 0)
		_exit(waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) :
									     1);
	return pid == 0 && make_mounts_private() && !mount("proc", "/proc", "proc", 0, NULL) &&
	       !mount("tmpfs", "/var/lib", "tmpfs", 0, NULL) && boot_is_here();
}

static int write_text(size_t len, struct err *err)
{
	struct load_state record = {
		.plan_name = (char *)"/plan",
		.backend = (char *)"nft",
		.plan_text = long_text(len),
	};
	int ret = boot_write(&record, err);

	free(record.plan_text);
	return ret;
}

static void kept_is_of_length(size_t len)
{
	struct load_state kept;
	struct err err;

	assert_int_equal(boot_read(&kept, &err), 0);
	assert_int_equal(strlen(kept.plan_text), len);
	state_clear(&kept);
	assert_int_equal(access(BOOT_DIR "/new", F_OK), -1);
}

static void a_boot_plan_is_written_only_if_it_can_be_read(void **state)
{
	struct err err;
	struct stat st;
	size_t longest;

	(void)state;
	assert_int_equal(write_text(1000, &err), 0);
	assert_int_equal(stat(BOOT_PLAN, &st), 0);
	longest = FILE_SIZE_MAX - (st.st_size - 1000);
	assert_int_equal(write_text(longest + 1, &err), -EFBIG);
	assert_string_equal(err.what, BOOT_PLAN ": larger than 64 MiB");
	kept_is_of_length(1000);
	assert_int_equal(write_text(longest, &err), 0);
	kept_is_of_length(longest);
}

static void a_boot_plan_that_is_too_long_is_not_read(void **state)
{
	struct load_state kept;
	struct err err;

	(void)state;
	assert_int_equal(truncate(BOOT_PLAN, FILE_SIZE_MAX + 1L), 0);
	assert_int_equal(boot_read(&kept, &err), -EFBIG);
	assert_string_equal(err.what, BOOT_PLAN ": larger than 64 MiB");
	assert_null(kept.plan_text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_boot_plan_is_written_only_if_it_can_be_read),
		cmocka_unit_test(a_boot_plan_that_is_too_long_is_not_read),
	};

	if (!have_own_folder()) {
		print_message("this needs mounts of its own\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
