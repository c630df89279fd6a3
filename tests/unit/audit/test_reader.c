// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "audit/denial.h"
#include "audit/reader.h"
#include "base/err.h"

#define END                                                                               \
	"scontext=system_u:system_r:chronyd_t:s0 tcontext=system_u:object_r:ntp_packet_t" \
	":s0-s0:c0.c3 tclass=packet permissive=0"
#define BODY                                                                    \
	"avc:  denied  { send } for  pid=973 comm=\"chronyd\" saddr=192.0.2.5 " \
	"src=51686 daddr=192.0.2.6 dest=123 netif=eth0 " END
#define SENT "packet send chronyd_t>ntp_packet_t 192.0.2.5/51686>192.0.2.6/123 eth0"

static char told[4096];

/* Writes down a record, and what else it says. */
static void tell(void *arg, const struct denial *d)
{
	char source[64], target[64], from[NET_STRLEN] = "", to[NET_STRLEN] = "";
	size_t len = strlen(told);

	(void)arg;
	if (d->src.family)
		net_format(&d->src, from);
	if (d->dst.family)
		net_format(&d->dst, to);
	len += snprintf(told + len, sizeof(told) - len, "%s %s %s>%s %s/%u>%s/%u %s", d->class,
			d->perms, denial_type(d->source, source, sizeof(source)),
			denial_type(d->target, target, sizeof(target)), from, d->sport, to,
			d->dport, d->netif ? d->netif : "-");
	if (d->granted)
		len += snprintf(told + len, sizeof(told) - len, " granted");
	if (d->permissive)
		len += snprintf(told + len, sizeof(told) - len, " permissive=%d", d->permissive);
	if (d->comm && strchr(d->comm, '\n'))
		len += snprintf(told + len, sizeof(told) - len, " newline");
	if (d->exe)
		len += snprintf(told + len, sizeof(told) - len, " exe=%s", d->exe);
	if (d->count != 1)
		len += snprintf(told + len, sizeof(told) - len, " x%zu", d->count);
	snprintf(told + len, sizeof(told) - len, "\n");
}

static struct audit_counts reader_read(const char *text, size_t len)
{
	struct audit_reader *r = audit_reader_new(tell, NULL);
	struct audit_counts counts;
	const char *newline;

	*told = '\0';
	audit_reader_file(r, "log");
	for (; len; len -= newline + 1 - text, text = newline + 1) {
		newline = memchr(text, '\n', len);
		assert_non_null(newline);
		audit_reader_line(r, text, newline - text);
	}
	audit_reader_flush(r);
	counts = *audit_reader_counts(r);
	audit_reader_free(r);
	return counts;
}

/* The text has these records, and nothing that cannot be read. */
static void reads(const char *text, const char *expected)
{
	struct audit_counts counts = reader_read(text, strlen(text));

	assert_string_equal(told, expected);
	assert_int_equal(counts.unreadable, 0);
}

static void each_form_of_a_line_is_read(void **state)
{
	static const char *const prefixes[] = {
		"",
		"type=AVC msg=audit(1661030515.019:1079): ",
		"node=web type=AVC msg=audit(1661030515.019:1079): ",
		"type=AVC msg=audit(08/20/2022 21:21:55.019:1079) : ",
		"type=1400 audit(1661030515.019:1079): ",
		"audit: type=1400 audit(1661030515.019:1079): ",
		"audit(1661030515.019:1079): ",
		"[   12.345678] audit: type=1400 audit(1661030515.019:1079): ",
		"<5>[   12.345678] type=1400 audit(1661030515.019:1079): ",
		"[Sat Aug 20 21:21:55 2022] audit: type=1400 audit(1661030515.019:1079): ",
		"Aug 20 21:21:55 web kernel: audit: type=1400 audit(1661030515.019:1079): ",
		"Aug  2 21:21:55 web kernel: [   12.3] audit: type=1400 audit(1661030515.019:10): ",
		"2022-08-20T21:21:55.019+00:00 web kernel: audit: type=1400 audit(1.019:79): ",
		"Aug 20 21:21:55.123456 web kernel: audit: type=1400 audit(1661030515.019:1079): ",
		"Aug 20 21:21:55.123456 web audit[973]: AVC ",
		"M\xc3\xa4r 20 21:21:55 web kernel: audit: type=1400 audit(1661030515.019:1079): ",
		"ao\xc3\xbbt 20 21:21:55 web audit[973]: AVC ",
		"2022-08-20 21:21:55 web kernel: audit: type=1400 audit(1661030515.019:1079): ",
		"2022-08-20 21:21:55.019 +0000 web kernel: audit: type=1400 audit(1.019:79): ",
		"Sat 2022-08-20 21:21:55 UTC web kernel: audit: type=1400 audit(1.019:79): ",
		"Sat 2022-08-20 21:21:55 UTC web audit[973]: AVC ",
		"Aug 20 21:21:55 kernel: audit: type=1400 audit(1661030515.019:1079): ",
		"1661030515.019000 web kernel: audit: type=1400 audit(1661030515.019:1079): ",
		"[   12.345678] web kernel: audit: type=1400 audit(1661030515.019:1079): ",
		"[   12.345678 <    0.1 >] web audit[973]: AVC ",
		"[   12.345678][   T41] audit: type=1400 audit(1661030515.019:1079): ",
		"<5>Aug 20 21:21:55 web kernel: audit: type=1400 audit(1661030515.019:1079): ",
		"<5>1 2022-08-20T21:21:55Z web kernel - - - audit: type=1400 audit(1.019:79): ",
		"2022-08-20 21:21:55.019   973   973 W chronyd : type=1400 audit(0.0:41): ",
		"log:Aug 20 21:21:55 web audit[973]: AVC ",
		"Aug 20 21:21:55 web audit[973]: AVC ",
		"Aug 20 21:21:55 web audispd: node=web type=AVC msg=audit(1661030515.019:1079): ",
		"08-20 21:21:55.019   973   973 W chronyd : type=1400 audit(0.0:41): ",
		"08-20 21:21:55.019 W/chronyd (  973): type=1400 audit(0.0:41): ",
		"W/chronyd (  973): type=1400 audit(0.0:41): ",
	};
	char text[1024];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		snprintf(text, sizeof(text), "%s" BODY "\n", prefixes[i]);
		reads(text, SENT "\n");
	}
	reads("     12 " BODY "\n", SENT " x12\n");
}

static void each_kind_of_record_is_read(void **state)
{
	(void)state;
	reads("avc:  granted  { forward_out } for  pid=0 comm=\"swapper/0\" saddr=2001:db8::1 "
	      "daddr=2001:db8::2 netif=eth0 scontext=a:b:unlabeled_t:s0 "
	      "tcontext=a:b:c_packet_t:s0:c1 tclass=packet\n",
	      "packet forward_out unlabeled_t>c_packet_t 2001:db8::1/0>2001:db8::2/0 eth0 granted "
	      "permissive=-1\n");
	reads("avc: denied { name_bind } for pid=1 comm=6120622229 src=8080 "
	      "scontext=a:b:httpd_t tcontext=a:b:port_t tclass=tcp_socket permissive=1\n",
	      "tcp_socket name_bind httpd_t>port_t /8080>/0 - permissive=1\n");
	reads("avc: denied { recv  send } for laddr=192.0.2.1 lport=25 faddr=192.0.2.2 fport=99 "
	      "ssid=1 srawcon=\"x\" tcontext=a:b:c tclass=peer permissive=0\n",
	      "peer recv send ?>c 192.0.2.1/25>192.0.2.2/99 -\n");
	/* a newline in a name stays hexadecimal */
	reads("avc: denied { name_bind } for pid=1 comm=610A62 exe=2F622061 src=8080 "
	      "scontext=a:b:httpd_t tcontext=a:b:port_t tclass=tcp_socket permissive=1\n",
	      "tcp_socket name_bind httpd_t>port_t /8080>/0 - permissive=1 exe=/b a\n");
	/* what is not about the network */
	reads("avc: denied { read } for path=\"/x\" scontext=a:b:c tcontext=a:b:d tclass=file "
	      "permissive=0\n"
	      "avc: denied { create } for scontext=a:b:c tcontext=a:b:d tclass=tcp_socket\n"
	      "avc: denied { sendto } for scontext=a:b:c tcontext=a:b:d "
	      "tclass=unix_dgram_socket\n",
	      "");
}

static void the_kernel_has_the_last_word(void **state)
{
	/* ausearch -i shows the names of programs as they are */
	(void)state;
	reads("avc: denied { send } for pid=9 comm=a saddr=10.0.0.1 scontext=a:b:init_t "
	      "tclass=file x saddr=192.0.2.5 src=51686 daddr=192.0.2.6 dest=123 netif=eth0 " END
	      "\n",
	      SENT "\n");
	reads("type=USER_CMD msg=audit(1.0:2): pid=1 msg='cmd=\"" BODY "\"'\n", "");
}

/* Whoever may write to the system log is not the kernel. */
static void what_programs_write_to_the_system_log_is_no_record(void **state)
{
	static const char *const prefixes[] = {
		"Aug 20 21:21:55 web me[12]: ",
		"Aug 20 21:21:55 web me: audit: type=1400 audit(1.0:1): ",
		"    Aug 20 21:21:55 web me[12]: ",
		"     12 Aug 20 21:21:55 web me[12]: ",
		"Aug 20 21:21:55.123456 web me[12]: ",
		"Aug 20 21:21:55 me[12]: ",
		"aug 20 21:21:55 web me[12]: ",
		"janv. 20 21:21:55 web me[12]: ",
		"M\xc3\xa4r 20 21:21:55 web me[12]: ",
		"8\xe6\x9c\x88 20 21:21:55 web me[12]: ",
		"log:Aug 20 21:21:55 web me[12]: ",
		"2022-08-20T21:21:55+0000 web me[12]: ",
		"2022-08-20T21:21:55.019000+0000 web me[12]: ",
		"2022-08-20 21:21:55 web me[12]: ",
		"2022-08-20 21:21:55.019 +0000 web me[12]: ",
		"Sat 2022-08-20 21:21:55 UTC web me[12]: ",
		"1661030515.019000 web me[12]: ",
		"[   12.345678] web me[12]: ",
		"[   12.345678] me[12]: ",
		"[   12.345678 <    0.1 >] web me[12]: ",
		"<13>Aug 20 21:21:55 web me[12]: ",
		"<13>1 2022-08-20T21:21:55Z web me 12 - - ",
		/* those who call themselves so */
		"Aug 20 21:21:55 web kernel[12]: audit: type=1400 audit(1.0:1): ",
		"Aug 20 21:21:55 web ",
		"[   12.345678] web ",
	};
	char text[1024];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		snprintf(text, sizeof(text), "%s" BODY "\n", prefixes[i]);
		if (reader_read(text, strlen(text)).forged != 1)
			print_error("%s\n", prefixes[i]);
		assert_int_equal(reader_read(text, strlen(text)).forged, 1);
		assert_string_equal(told, "");
	}
}

/* journalctl shows the further lines of a message so. */
static void a_further_line_of_a_message_is_of_its_program(void **state)
{
#define ME "Aug 20 21:21:55 web me[12]: one\n"
#define VERBOSE "Sat 2022-08-20 21:21:55.123456 UTC [s=a1;i=2;b=3;m=4;t=5;x=6]\n"
#define FURTHER "                            "
	static const struct {
		const char *text, *told;
		unsigned long forged;
	} cases[] = {
		{ ME FURTHER BODY "\n", "", 1 },
		{ ME FURTHER "two\n" FURTHER "\n\n" FURTHER "type=AVC msg=audit(1.0:7): " BODY "\n",
		  "", 1 },
		{ ME " audit: type=1400 audit(1.0:7): " BODY "\n", "", 1 },
		{ "Sat 2022-08-20 21:21:55 UTC web me[12]: one\n" FURTHER BODY "\n", "", 1 },
		/* nor does it say more of a record of the kernel */
		{ "type=AVC msg=audit(1.0:7): " BODY "\n" ME FURTHER
		  "type=SYSCALL msg=audit(1.0:7): exe=\"/x\"\n",
		  SENT "\n", 1 },
		{ "type=AVC msg=audit(1.0:7): " BODY "\n"
		  "Aug 20 21:21:55 web me[12]: type=SYSCALL msg=audit(1.0:7): exe=\"/x\"\n",
		  SENT "\n", 1 },
		{ "avc: denied { send } for scontext=a:b:c tcontext=a:b:d tclass=packet\n"
		  "Aug 20 21:21:55 web me[12]: permissive=1\n",
		  "packet send c>d /0>/0 - permissive=-1\n", 0 },
		/* journalctl -o verbose */
		{ VERBOSE "    _TRANSPORT=kernel\n    MESSAGE=audit: type=1400 audit(1.0:7): " BODY
			  "\n",
		  SENT "\n", 0 },
		{ VERBOSE "    _TRANSPORT=audit\n    MESSAGE=AVC " BODY "\n", SENT "\n", 0 },
		{ VERBOSE "    _TRANSPORT=syslog\n    MESSAGE=audit: type=1400 audit(1.0:7): " BODY
			  "\n",
		  "", 1 },
		{ VERBOSE "    _TRANSPORT=syslog\n    MESSAGE=one\n            _TRANSPORT=kernel\n"
			  "            " BODY "\n",
		  "", 1 },
		{ VERBOSE "    _TRANSPORT=kernel\n" VERBOSE "    MESSAGE=" BODY "\n", "", 1 },
		{ ME "    _TRANSPORT=kernel\n    MESSAGE=" BODY "\n", "", 1 },
		/* of the kernel, and what is not below the line of a program */
		{ "Aug 20 21:21:55 web kernel: audit: one\n" FURTHER BODY "\n", SENT "\n", 0 },
		{ ME BODY "\n", SENT "\n", 0 },
		{ "  " ME "  type=AVC msg=audit(1.0:7): " BODY "\n", SENT "\n", 0 },
		{ ME FURTHER "Aug 20 21:21:55 web kernel: audit: type=1400 audit(1.0:7): " BODY
			     "\n",
		  SENT "\n", 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (reader_read(cases[i].text, strlen(cases[i].text)).forged != cases[i].forged)
			print_error("%s\n", cases[i].text);
		assert_int_equal(reader_read(cases[i].text, strlen(cases[i].text)).forged,
				 cases[i].forged);
		assert_string_equal(told, cases[i].told);
	}
}

static void a_system_call_tells_the_program(void **state)
{
#define CALL "syscall=42 success=no exit=-115 comm=\"x\" exe=\"/usr/bin/perl\" subj=a:b:c key=x\n"
#define OTHER "type=PATH msg=audit(1.0:8): item=0 name=\"/exe=/x\"\n"
	(void)state;
	reads("type=SYSCALL msg=audit(1.000:7): " CALL "type=AVC msg=audit(1.000:7): " BODY "\n",
	      SENT " exe=/usr/bin/perl\n");
	reads("type=AVC msg=audit(1.000:7): " BODY "\n" OTHER
	      "type=SYSCALL msg=audit(1.000:7): " CALL,
	      SENT " exe=/usr/bin/perl\n");
	reads("type=AVC msg=audit(1.000:7): " BODY "\n" OTHER
	      "type=SYSCALL msg=audit(1.000:8): " CALL,
	      SENT "\n");
	/* enriched */
	reads("type=SYSCALL msg=audit(1.000:7): exe=\"/usr/bin/perl\" key=(null)\035ARCH=x86_64 "
	      "exe=\"/no\"\ntype=AVC msg=audit(1.000:7): " BODY "\035exe=\"\"\n",
	      SENT " exe=/usr/bin/perl\n");
}

static void events_may_be_interleaved(void **state)
{
#define OF(n) "msg=audit(1.000:" #n "): "
	(void)state;
	reads("type=AVC " OF(7) BODY "\ntype=SYSCALL " OF(8) "exe=\"/8\"\ntype=AVC " OF(9) BODY
	      "\ntype=AVC " OF(8) BODY "\ntype=SYSCALL " OF(9) "exe=\"/9\"\ntype=EOE " OF(
		      8) "\ntype=SYSCALL " OF(7) "exe=\"/7\"\ntype=AVC " OF(7) BODY "\n",
	      SENT " exe=/7\n" SENT " exe=/7\n" SENT " exe=/8\n" SENT " exe=/9\n");
}

/* A log may end anywhere, when the disk is full. The next record is on a line of its own, or, in a
 * paste, behind it. */
static void a_cut_record_spoils_no_other(void **state)
{
	static const char enriched[] = "type=AVC " OF(7) BODY "\035ARCH=x86_64 SUBJ=\"a:b:c\"";
	static const char next[] =
		"type=AVC " OF(8) "avc:  denied  { recv } for  saddr=192.0.2.6 "
				  "src=123 daddr=192.0.2.5 dest=51686 netif=eth0 " END "\n";
	static const char second[] = "packet recv chronyd_t>ntp_packet_t "
				     "192.0.2.6/123>192.0.2.5/51686 eth0\n";
	char text[2048];
	size_t len, whole = strchr(enriched, '\035') - enriched;

	(void)state;
	for (len = strlen("type=AVC "); len < sizeof(enriched); len++) {
		struct audit_counts counts;

		snprintf(text, sizeof(text), "%.*s\n%s", (int)len, enriched, next);
		counts = reader_read(text, strlen(text));
		assert_true(strlen(told) >= strlen(second));
		assert_string_equal(told + strlen(told) - strlen(second), second);
		assert_int_equal(counts.network + counts.unreadable, 2);
		if (len >= whole)
			assert_int_equal(counts.network, 2);
	}
}

/* Names that others choose may have any bytes, if something else than audit wrote the log. */
static void bytes_of_others_end_no_record(void **state)
{
	static const char with_nul[] =
		"type=AVC " OF(7) "avc:  denied  { send } for  pid=9 "
				  "comm=\"a\0b\" saddr=192.0.2.5 src=51686 daddr=192.0.2.6 "
				  "dest=123 netif=eth0 " END "\n";
	static const char nul_in_front[] = "\0\0\0\0type=AVC " OF(7) BODY "\n";

	(void)state;
	reader_read(with_nul, sizeof(with_nul) - 1);
	assert_string_equal(told, SENT "\n");
	/* a machine that lost its power leaves zeros in the file */
	reader_read(nul_in_front, sizeof(nul_in_front) - 1);
	assert_string_equal(told, SENT "\n");
	/* auditd's own words end the record */
	reads("type=AVC " OF(7) BODY "\035tclass=file tcontext=a:b:evil_t\n", SENT "\n");
}

static void journald_writes_a_record_twice(void **state)
{
#define TWICE                                            \
	"Aug 20 21:21:55 web audit[973]: AVC " BODY "\n" \
	"Aug 20 21:21:55 web kernel: audit: type=1400 audit(1.0:7): " BODY "\n"
	(void)state;
	reads(TWICE, SENT "\n");
	reads(TWICE TWICE, SENT "\n" SENT "\n");
	reads("type=1400 audit(1.0:7): " BODY "\ntype=1400 audit(1.0:8): " BODY "\n",
	      SENT "\n" SENT "\n");
}

/* Wherever a line is broken, with the blank or without it, the record is read. */
static void a_paste_is_read(void **state)
{
	static const char whole[] = "type=AVC msg=audit(1661030515.019:1079): " BODY;
	char text[sizeof(whole) + 8];
	size_t i;

	(void)state;
	for (i = strlen("type=AVC msg=audit("); i < sizeof(whole) - 1; i++) {
		bool blank = whole[i] == ' ';

		if (blank && whole[i + 1] == ' ')
			continue;
		snprintf(text, sizeof(text), "%.*s\n> %s\n", (int)i, whole, whole + i + blank);
		reads(text, SENT "\n");
	}
}

static void take_time(void *arg, const struct denial *d)
{
	*(int64_t *)arg = d->time;
}

/* 2023-11-14 22:13:20.123, in the zone of the process */
#define DATE_OF_TEST 1700000000123

static const struct {
	const char *date;
	int64_t time;
} dates_of_ausearch[] = {
	{ "1700000000.123:7", DATE_OF_TEST },
	{ "1700000000:7", 1700000000000 },
	{ "11/14/2023 22:13:20.123:7", DATE_OF_TEST },
	{ "11/14/23 22:13:20.123:7", DATE_OF_TEST },
	{ "14/11/2023 22:13:20.123:7", DATE_OF_TEST },
	{ "14/11/23 22:13:20.123:7", DATE_OF_TEST },
	{ "14/11-2023 22:13:20.123:7", DATE_OF_TEST },
	{ "14.11.2023 22:13:20.123:7", DATE_OF_TEST },
	{ "14.11.2023. 22:13:20.123:7", DATE_OF_TEST },
	{ "14. 11. 23 22:13:20.123:7", DATE_OF_TEST },
	{ "14-11-23 22:13:20.123:7", DATE_OF_TEST },
	{ "2023-11-14 22:13:20.123:7", DATE_OF_TEST },
	{ "2023.11.14. 22:13:20.123:7", DATE_OF_TEST },
	{ "2023/11/14 22:13:20.123:7", DATE_OF_TEST },
	{ "2023\xe5\xb9\xb4"
	  "11\xe6\x9c\x88"
	  "14\xe6\x97\xa5 22:13:20.123:7",
	  DATE_OF_TEST },
	{ "2023\xeb\x85\x84 11\xec\x9b\x94 14\xec\x9d\xbc 22:13:20.123:7", DATE_OF_TEST },
	{ "\xd8\xab\xd8\x8c 14-11-2023 22:13:20.123:7", DATE_OF_TEST },
	{ "Tuesday, November 14, 2023 22:13:20.123:7", DATE_OF_TEST },
	{ "14 Nov, 2023 22:13:20.123:7", DATE_OF_TEST },
	{ "Nov 14 2023 22:13:20.123:7", DATE_OF_TEST },
	/* one day, whichever is the month */
	{ "11/11/2023 22:13:20.123:7", DATE_OF_TEST - INT64_C(3) * 86400000 },
	/* the 11th of December, or the 12th of November */
	{ "11/12/2023 22:13:20.123:7", 0 },
	{ "11/12/23 22:13:20.123:7", 0 },
	/* not an English month, a year of another calendar, other digits */
	{ "14 nov. 2023 22:13:20.123:7", 0 },
	{ "14/11/2566 22:13:20.123:7", 0 },
	{ "\xdb\xb0\xdb\xb2/08/23 22:13:20.123:7", 0 },
	{ "2023.14.11 22:13:20.123:7", 0 },
	{ "31.06.2023 22:13:20.123:7", 0 },
	{ "14.13.2023 22:13:20.123:7", 0 },
	{ "14.11.2023 24:13:20.123:7", 0 },
	{ "14.11.2023 22:13:20", 0 },
	{ "14.11.02023 22:13:20.123:7", 0 },
	{ "14.11.2023.1 22:13:20.123:7", 0 },
	{ "Nov Nov 2023 22:13:20.123:7", 0 },
	{ "11/14/2023", 0 },
	{ "? 22:13:20.123:7", 0 },
	{ " 22:13:20.123:7", 0 },
};

static void dates_of_ausearch_are_read(void **state)
{
	char text[1024];
	size_t i;

	(void)state;
	setenv("TZ", "UTC", 1);
	for (i = 0; i < sizeof(dates_of_ausearch) / sizeof(dates_of_ausearch[0]); i++) {
		int64_t time = -1;
		struct audit_reader *r = audit_reader_new(take_time, &time);

		snprintf(text, sizeof(text), "type=AVC msg=audit(%s) : " BODY,
			 dates_of_ausearch[i].date);
		audit_reader_line(r, text, strlen(text));
		audit_reader_flush(r);
		if (time != dates_of_ausearch[i].time || audit_reader_counts(r)->undated != !time)
			print_error("%s\n", dates_of_ausearch[i].date);
		assert_int_equal(time, dates_of_ausearch[i].time);
		assert_int_equal(audit_reader_counts(r)->undated, !time);
		audit_reader_free(r);
	}
}

/* A log with these dates, which are blanks apart. The last one has this time. */
static void last_date_is(const char *dates, int64_t expected, unsigned long undated)
{
	int64_t time = -1;
	struct audit_reader *r = audit_reader_new(take_time, &time);
	char text[1024];
	int serial = 0;
	size_t len;

	for (; *dates; dates += len + (dates[len] == ' ')) {
		len = strcspn(dates, " ");
		if (*dates == '|')
			audit_reader_file(r, "next");
		snprintf(text, sizeof(text), "type=AVC msg=audit(%.*s 22:13:20.123:%d) : " BODY,
			 (int)len, dates, ++serial);
		if (*dates != '|')
			audit_reader_line(r, text, strlen(text));
	}
	audit_reader_flush(r);
	assert_int_equal(time, expected);
	assert_int_equal(audit_reader_counts(r)->undated, undated);
	audit_reader_free(r);
}

static void other_dates_of_a_file_tell_the_order(void **state)
{
	const int64_t november = DATE_OF_TEST - INT64_C(2) * 86400000,
		      december = DATE_OF_TEST + INT64_C(27) * 86400000;

	(void)state;
	last_date_is("11/14/2023 11/12/2023", november, 0);
	last_date_is("14/11/2023 11/12/2023", december, 0);
	last_date_is("14/11/2023 11.12.2023", december, 0);
	/* what came before stays unknown */
	last_date_is("11/12/2023 14/11/2023 11/12/2023", december, 1);
	/* two logs in one file, or two files */
	last_date_is("11/14/2023 14/11/2023 11/12/2023", 0, 1);
	last_date_is("11/14/2023 | 11/12/2023", 0, 1);
	/* dots tell nothing of slashes */
	last_date_is("14.11.2023 11/12/2023", 0, 1);
}

static void what_cannot_be_read_is_counted(void **state)
{
	static const char text[] = "avc:  denied  { send } for  pid=1 scontext=a:b:c\n"
				   "type=AVC msg=audit(1.0:1): " BODY "\n"
				   "type=AVC msg=audit(1.0:2): avc:  denied  { send\n"
				   "type=EOE msg=audit(1.0:2): \n"
				   "avc:  denied  { send } for scontext=a:b:c tcontext=a:b:c "
				   "tclass=pack\n"
				   "audit: audit_lost=12 audit_rate_limit=0\n"
				   "kauditd_printk_skb: 12 callbacks suppressed\n";
	struct audit_counts counts = reader_read(text, sizeof(text) - 1);

	(void)state;
	assert_string_equal(told, SENT "\n");
	assert_int_equal(counts.unreadable, 3);
	assert_int_equal(counts.places[0].line, 1);
	assert_int_equal(counts.places[1].line, 3);
	assert_int_equal(counts.places[2].line, 5);
	assert_string_equal(counts.places[0].text,
			    "avc:  denied  { send } for  pid=1 scontext=a:b:c");
	assert_int_equal(counts.lost, 2);
	assert_int_equal(counts.lines, 7);
}

static void a_file_is_read_in_pieces(void **state)
{
	struct audit_reader *r = audit_reader_new(tell, NULL);
	FILE *file = tmpfile();
	struct err err;
	int i;

	(void)state;
	if (!file)
		fail_msg("no temporary file: %s", strerror(errno));
	*told = '\0';
	for (i = 0; i < 400000; i++)
		fputs("a line of something\n" + i % 19, file);
	fwrite("x\0y\n", 1, 4, file);
	fprintf(file, "%s\n%0100000d" BODY "\n" BODY, BODY, 0);
	rewind(file);
	audit_reader_file(r, "file");
	assert_int_equal(audit_reader_fd(r, fileno(file), &err), 0);
	audit_reader_flush(r);
	/* the one behind 100,000 zeros is left out */
	assert_string_equal(told, SENT "\n" SENT "\n");
	assert_int_equal(audit_reader_counts(r)->lines, 400004);
	audit_reader_free(r);
	fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_form_of_a_line_is_read),
		cmocka_unit_test(each_kind_of_record_is_read),
		cmocka_unit_test(the_kernel_has_the_last_word),
		cmocka_unit_test(what_programs_write_to_the_system_log_is_no_record),
		cmocka_unit_test(a_further_line_of_a_message_is_of_its_program),
		cmocka_unit_test(a_system_call_tells_the_program),
		cmocka_unit_test(events_may_be_interleaved),
		cmocka_unit_test(a_cut_record_spoils_no_other),
		cmocka_unit_test(bytes_of_others_end_no_record),
		cmocka_unit_test(journald_writes_a_record_twice),
		cmocka_unit_test(a_paste_is_read),
		cmocka_unit_test(dates_of_ausearch_are_read),
		cmocka_unit_test(other_dates_of_a_file_tell_the_order),
		cmocka_unit_test(what_cannot_be_read_is_counted),
		cmocka_unit_test(a_file_is_read_in_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
