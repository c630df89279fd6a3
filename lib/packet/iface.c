// SPDX-License-Identifier: GPL-2.0-only
#include "packet/iface.h"

#include <string.h>

#include "base/utf8.h"

bool iface_can_be_named(const char *name)
{
	size_t len;

	if (strpbrk(name, "\"*\\"))
		return false;
	for (; *name; name += len) {
		len = utf8_len(name);
		if (!len || utf8_is_control(name))
			return false;
	}
	return true;
}
