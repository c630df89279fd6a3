// SPDX-License-Identifier: GPL-2.0-only
/* A label of a packet may be that of a program, so its type alone does not tell the role. */
#include <stddef.h>
#include <stdlib.h>

#include "kernel/role.h"
#include "runner/util.h"

char *process_context(const char *domain)
{
	return must_printf("system_u:system_r:%s:s0", domain);
}

const char *role_of(const char *type, size_t len)
{
	static struct strs processes, objects;
	char *name = must_printf("%.*s", (int)len, type), *context;
	bool process = strs_has(&processes, name);

	if (process || strs_has(&objects, name)) {
		free(name);
	} else {
		context = process_context(name);
		process = file_puts("/sys/fs/selinux/context", context) == 0;
		free(context);
		strs_add(process ? &processes : &objects, name);
	}
	return process ? "system_r" : "object_r";
}
