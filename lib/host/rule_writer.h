/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_RULE_WRITER_H
#define SECMARK2_HOST_RULE_WRITER_H

#include <stdint.h>

/* A process that has changed rules, as the kernel tells it. */
struct rule_writer {
	uint32_t pid;  /* 0: unknown */
	char name[17]; /* of the process: the first 15 bytes of the program's name */
};

#endif
