// SPDX-License-Identifier: GPL-2.0-only
#include "selinux/packet_perms.h"

const char *const packet_perm_names[PACKET_PERMS] = { "forward_in", "forward_out", "recv",
						      "relabelto", "send" };

void packet_perms_print(unsigned int perms, FILE *out)
{
	const char *blank = "";
	unsigned int i;

	for (i = 0; i < PACKET_PERMS; i++) {
		if (!(perms & 1u << i))
			continue;
		fprintf(out, "%s%s", blank, packet_perm_names[i]);
		blank = " ";
	}
}
