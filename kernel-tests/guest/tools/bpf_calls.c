// SPDX-License-Identifier: GPL-2.0-only
/*
 * bpf map|map-read|map-write|prog
 *     makes a map, whose descriptor is for reading, writing or both; loads a program
 *
 * bpf-pass SENDER RECEIVER map|map-read|map-write|prog
 *     a program in one domain makes it, and another one, in another domain, gets the descriptor.
 * Run it as kernel_t, which may enter domains
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runner/util.h"
#include "tools/calls.h"
#include "tools/fd_pass.h"

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
} objects[] = {
	{ "map", map_make, 0 },
	{ "map-read", map_make, BPF_F_RDONLY },
	{ "map-write", map_make, BPF_F_WRONLY },
	{ "prog", prog_load, 0 },
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

const struct calls_word bpf_words[] = {
	{ "bpf", "map|map-read|map-write|prog", 1, bpf_run },
	{ "bpf-pass", "SENDER RECEIVER map|map-read|map-write|prog", 3, bpf_pass_run },
	{ NULL, NULL, 0, NULL },
};
