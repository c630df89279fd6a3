// SPDX-License-Identifier: GPL-2.0-only
#include "audit/paste.h"

#include <string.h>

/* Words that records have between blanks, and the names of their fields. */
static const char *const words[] = { "avc:", "denied", "granted", "{", "}", "for" };

static const char *const fields[] = {
	"msg=",     "pid=",     "comm=",       "exe=",      "path=",   "name=",    "dev=",
	"saddr=",   "src=",     "daddr=",      "dest=",     "laddr=",  "lport=",   "faddr=",
	"fport=",   "netif=",   "scontext=",   "tcontext=", "tclass=", "ino=",     "permissive=",
	"srawcon=", "trawcon=", "capability=", "ipaddr=",   "resid=",  "restype=",
};

static const char *const perms[] = {
	"send",      "recv",         "relabelto",   "forward_in", "forward_out", "sendto",
	"recvfrom",  "polmatch",     "setcontext",  "ingress",    "egress",      "name_bind",
	"node_bind", "name_connect", "association", "recv_msg",   "send_msg",    "tcp_recv",
	"tcp_send",  "udp_recv",     "udp_send",    "rawip_recv", "rawip_send",
};

#define PASTE_COUNT(v) (sizeof(v) / sizeof((v)[0]))

static size_t paste_word(const char *text, size_t n)
{
	size_t len = 0;

	while (len < n && text[len] != ' ' && text[len] != '\t')
		len++;
	return len;
}

static bool is_whole_word(const char *text, size_t n)
{
	size_t len = paste_word(text, n), i;

	for (i = 0; i < PASTE_COUNT(words); i++)
		if (strlen(words[i]) == len && !memcmp(text, words[i], len))
			return true;
	for (i = 0; i < PASTE_COUNT(fields); i++)
		if (strlen(fields[i]) <= len && !memcmp(text, fields[i], strlen(fields[i])))
			return true;
	return false;
}

/* Is the end of the text between braces, where only names of permissions stand? */
static bool is_in_braces(const char *text, size_t len)
{
	const char *open = memrchr(text, '{', len);

	return open && !memchr(open, '}', text + len - open);
}

/* Does the text end with a whole word, as far as one can tell? In braces it does if that is the
 * name of a permission. */
static bool ends_whole(const char *text, size_t len)
{
	size_t start = len, i;

	while (start && text[start - 1] != ' ' && text[start - 1] != '\t')
		start--;
	if (start == len || strchr("{}", text[len - 1]))
		return true;
	for (i = 0; is_in_braces(text, len) && i < PASTE_COUNT(perms); i++)
		if (strlen(perms[i]) == len - start && !memcmp(text + start, perms[i], len - start))
			return true;
	return false;
}

size_t paste_join(char *text, size_t len, size_t size, const char *next, size_t n)
{
	bool blank;

	while (n && (*next == '>' || *next == ' ' || *next == '\t'))
		next++, n--;
	while (n && (next[n - 1] == ' ' || next[n - 1] == '\t' || next[n - 1] == '\r'))
		n--;
	blank = len && (ends_whole(text, len) || is_whole_word(next, n));
	if (!n || len + blank + n > size)
		return 0;
	if (blank)
		text[len++] = ' ';
	memcpy(text + len, next, n);
	return len + n;
}
