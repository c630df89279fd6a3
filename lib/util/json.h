/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_UTIL_JSON_H
#define SECMARK2_UTIL_JSON_H

#include <jansson.h>

/* Makes a JSON string. Bytes that are not UTF-8 become U+FFFD; NULL becomes null. */
json_t *text_to_json(const char *text);

/* Returns the value. NULL means that memory was exhausted: it ends the process, as alloc.h does. */
json_t *need_json(json_t *value);

/* Returns the value as text, with flags of json_dumps(3); the caller frees it. It is never NULL:
 * exhausted memory ends the process. */
char *json_to_text(json_t *value, size_t flags);

#endif
