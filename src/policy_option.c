// SPDX-License-Identifier: GPL-2.0-only
#include "policy_option.h"

#include <errno.h>

#include "base/err.h"
#include "print.h"
#include "selinux/oracle.h"
#include "selinux/oracle_file.h"
#include "selinux/oracle_kernel.h"

struct oracle *policy_open(const char *file)
{
	struct oracle *oracle;
	struct err err;

	if (file) {
		if (!oracle_file_open(file, file, &oracle, &err))
			return oracle;
	} else {
		oracle = oracle_kernel_new();
		if (oracle)
			return oracle;
		err_set(&err, -ENOMEM, "out of memory");
	}
	print_err(&err);
	return NULL;
}
