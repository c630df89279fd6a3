/* SPDX-License-Identifier: GPL-2.0-only */
/* Macros of headers and of the compiler's command line, which cppcheck does not see. Without them
 * cppcheck 2.17 does not read the files that use them. */
#define SECMARK2_VERSION "0"
#define JSON_INTEGER_FORMAT "lld"
#define __read_mostly
#define json_array_foreach(array, i, value) \
	for (i = 0; (value = json_array_get(array, i)); i++)
/* It does not return. */
#define fail_msg(...) abort()
