// SPDX-License-Identifier: GPL-2.0-only
/*
 * bpf map|map-read|map-write|prog
 *     makes a map, whose descriptor is for reading, writing or both; loads a program
 *
 * bpf-pass SENDER RECEIVER map|map-read|map-write|prog
 *     a program in one domain makes it, and another one, in another domain, gets the descriptor.
 * Run it as kernel_t, which may enter domains
 *
 * bpf-take id|pin MAKER OBJECT TAKER OBJECT
 *     a program in one domain makes such an object, and pins it to a file. Another one, in another
 * domain, takes a descriptor by the object's number, or from that file; for map, map-read or
 * map-write of the second OBJECT. Run it as kernel_t
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runner/util.h"
#include "tools/calls.h"
#include "tools/fd_pass.h"

#define PIN_FOLDER "/tmp"
#define PIN_FILE PIN_FOLDER "/object"

static int map_make(uint32_t flags)
{
	union bpf_attr attr = { .map_type = BPF_MAP_TYPE_ARRAY,
				.key_size = sizeof(uint32_t),
				.value_size = sizeof(uint32_t),
				.max_entries = 1,
				.map_flags = flags };

	return syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
}

/* A socket filter that drops all. The flags are of no use. */
static int prog_load(uint32_t flags)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = { .prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
				.insns = (uintptr_t)insns,
				.insn_cnt = N_ELEMENTS(insns),
				.license = (uintptr_t) "GPL" };

	(void)flags;
	return syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
}

static const struct object {
	const char *name;
	int (*make)(uint32_t flags); /* returns a descriptor; -1: errno is set */
	uint32_t flags;
	int by_id; /* the call that finds it by its number */
} objects[] = {
	{ "map", map_make, 0, BPF_MAP_GET_FD_BY_ID },
	{ "map-read", map_make, BPF_F_RDONLY, BPF_MAP_GET_FD_BY_ID },
	{ "map-write", map_make, BPF_F_WRONLY, BPF_MAP_GET_FD_BY_ID },
	{ "prog", prog_load, 0, BPF_PROG_GET_FD_BY_ID },
};

static const struct object *object_find(const char *name)
{
	for (size_t i = 0; i < N_ELEMENTS(objects); i++)
		if (!strcmp(objects[i].name, name))
			return &objects[i];
	errno = EINVAL;
	calls_die(name);
}

static int bpf_run(int argc, char **argv)
{
	const struct object *o = object_find(argv[0]);

	(void)argc;
	return calls_say("bpf", o->name, o->make(o->flags) < 0 ? errno : 0);
}

static int object_give(void *arg)
{
	const struct object *o = arg;
	int fd = o->make(o->flags);

	if (fd < 0)
		calls_die(o->name);
	return fd;
}

static int object_use(const struct fd_passed *passed, void *arg)
{
	const struct object *o = arg;

	return fd_pass_say(o->name, passed);
}

static int bpf_pass_run(int argc, char **argv)
{
	(void)argc;
	return fd_pass(argv[0], argv[1], object_give, object_use, (void *)object_find(argv[2]));
}

/* Both struct bpf_map_info and struct bpf_prog_info begin like this. */
struct object_info {
	uint32_t type, id;
};

static uint32_t object_id(int fd)
{
	struct object_info info = { 0 };
	union bpf_attr attr = { .info.bpf_fd = fd,
				.info.info_len = sizeof(info),
				.info.info = (uintptr_t)&info };

	if (syscall(SYS_bpf, BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr)))
		calls_die("BPF_OBJ_GET_INFO_BY_FD");
	return info.id;
}

static void object_pin(int fd)
{
	union bpf_attr attr = { .pathname = (uintptr_t)PIN_FILE, .bpf_fd = fd };

	if (syscall(SYS_bpf, BPF_OBJ_PIN, &attr, sizeof(attr)))
		calls_die("BPF_OBJ_PIN");
}

/* A file system for pinned objects, which nobody else sees and which goes with this process. */
static void pins_mount(void)
{
	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("bpf", PIN_FOLDER, "bpf", 0, NULL))
		calls_die("a file system of BPF");
}

/* Makes an object and pins it. Tells its number, and keeps it until the other end is closed. */
static void __attribute__((noreturn)) maker_run(const char *domain, const char *object, int through)
{
	uint32_t id;
	int fd;

	calls_enter(domain);
	fd = object_give((void *)object_find(object));
	object_pin(fd);
	id = object_id(fd);
	if (write(through, &id, sizeof(id)) != sizeof(id) || read(through, &id, 1))
		calls_die("the other end");
	exit(0);
}

/* Returns a descriptor; -1: errno is set. */
static int take_by_id(const struct object *o, uint32_t id)
{
	union bpf_attr attr = { .map_id = id, .open_flags = o->flags };

	return syscall(SYS_bpf, o->by_id, &attr, sizeof(attr));
}

static int take_pinned(const struct object *o, uint32_t id)
{
	union bpf_attr attr = { .pathname = (uintptr_t)PIN_FILE, .file_flags = o->flags };

	(void)id;
	return syscall(SYS_bpf, BPF_OBJ_GET, &attr, sizeof(attr));
}

static int taker_run(char **argv, uint32_t id)
{
	const struct object *o = object_find(argv[4]);
	int fd;

	calls_enter(argv[3]);
	fd = strcmp(argv[0], "pin") ? take_by_id(o, id) : take_pinned(o, id);
	return calls_say(argv[0], o->name, fd < 0 ? errno : 0);
}

static int bpf_take_run(int argc, char **argv)
{
	int ends[2], status;
	uint32_t id;
	pid_t maker, taker;

	(void)argc;
	pins_mount();
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		calls_die("socketpair");
	maker = fork();
	if (maker == 0) {
		close(ends[0]);
		maker_run(argv[1], argv[2], ends[1]);
	}
	close(ends[1]);
	if (read(ends[0], &id, sizeof(id)) != sizeof(id))
		return calls_wait(maker);
	taker = fork();
	if (taker == 0)
		exit(taker_run(argv, id));
	status = calls_wait(taker);
	close(ends[0]);
	return calls_wait(maker) ?: status;
}

const struct calls_word bpf_words[] = {
	{ "bpf", "map|map-read|map-write|prog", 1, bpf_run },
	{ "bpf-pass", "SENDER RECEIVER map|map-read|map-write|prog", 3, bpf_pass_run },
	{ "bpf-take", "id|pin MAKER OBJECT TAKER OBJECT", 5, bpf_take_run },
	{ NULL, NULL, 0, NULL },
};
