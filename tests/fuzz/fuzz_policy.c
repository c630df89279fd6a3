// SPDX-License-Identifier: GPL-2.0-only
/* A libFuzzer target: any bytes can be read as the image of a policy without harm. If it is one, a
 * type has an attribute or not, and a longer or shorter image is none. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "selinux/attribute_types.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int fuzz_policy_open(const uint8_t *data, size_t size, const char *attribute)
{
	/* of its own, so that a sanitizer sees each byte behind it */
	uint8_t *image = malloc(size ? size : 1);
	struct attribute_types map;
	int ret, has, lacks;

	if (!image)
		abort();
	memcpy(image, data, size);
	ret = attribute_types_open(&map, image, size, attribute);
	if (ret && ret != -EBADMSG && ret != -ENOMEM)
		abort();
	if (!ret) {
		has = attribute_types_has(&map, "http_server_packet_t");
		lacks = attribute_types_has(&map, "");
		if (has != 0 && has != 1 && has != -ENOENT)
			abort();
		if ((has == -ENOENT) != (lacks == -ENOENT))
			abort();
		attribute_types_close(&map);
	}
	free(image);
	return ret;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (fuzz_policy_open(data, size, "no_such_attribute"))
		return 0;
	fuzz_policy_open(data, size, "packet_type");
	if (!fuzz_policy_open(data, size - 1, "packet_type"))
		abort();
	return 0;
}
