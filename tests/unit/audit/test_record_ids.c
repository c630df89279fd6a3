// SPDX-License-Identifier: GPL-2.0-only
/* Two logs with some of the same records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "audit/denial.h"
#include "audit/reader.h"
#include "audit/record_ids.h"

#define BODY                                                                           \
	"avc:  denied  { send } for  pid=973 scontext=system_u:system_r:chronyd_t:s0 " \
	"tcontext=system_u:object_r:ntp_packet_t:s0 tclass=packet permissive=0"

/* The event of a record, and how the log that it is in goes on */
static void read_event(struct audit_reader *r, const char *seconds, int serial)
{
	char line[512];

	snprintf(line, sizeof(line), "type=AVC msg=audit(%s:%d): " BODY, seconds, serial);
	audit_reader_line(r, line, strlen(line));
}

static void note_id(void *ids, const struct denial *d)
{
	record_ids_add(ids, d);
}

static void count_record(void *n, const struct denial *d)
{
	(void)d;
	++*(int *)n;
}

/* Without auditd the kernel's log has the records; some of them auditd gets later. */
static void a_record_in_two_logs_counts_once(void **state)
{
	struct record_ids ids = { .v = NULL };
	struct audit_reader *r = audit_reader_new(note_id, &ids);
	int n = 0, pass;

	(void)state;
	/* the first one is not in the other log; the second one has two records */
	for (pass = 0; pass < 2; pass++) {
		read_event(r, "1700000000.100", 1);
		read_event(r, "1700000000.200", 2);
		read_event(r, "1700000000.200", 2);
		read_event(r, "1700000000.200", 3);
		if (pass)
			break;
		audit_reader_flush(r);
		audit_reader_free(r);
		assert_int_equal(ids.n, 4);
		r = audit_reader_new(count_record, &n);
		audit_reader_beside(r, READER_FIRST, &ids);
		/* an earlier boot had the same serial */
		read_event(r, "1600000000.100", 1);
		read_event(r, "1700000000.200", 2);
		read_event(r, "1700000000.200", 2);
		read_event(r, "1700000000.300", 4);
		audit_reader_beside(r, READER_REST, &ids);
		assert_int_equal(n, 4);
	}
	audit_reader_beside(r, READER_ALONE, NULL);
	assert_int_equal(n, 6);
	assert_int_equal(audit_reader_counts(r)->network, 6);
	read_event(r, "1700000000.200", 2);
	audit_reader_flush(r);
	assert_int_equal(n, 7);
	audit_reader_free(r);
	record_ids_free(&ids);
}

static struct denial denial_of(int64_t time, uint64_t serial)
{
	return (struct denial){ .time = time, .serial = serial };
}

/* An order of its own; and the kernel's log can be read once more. */
static void events_are_found_in_any_order(void **state)
{
	const struct denial noted[] = { denial_of(300, 2), denial_of(100, 9), denial_of(300, 1),
					denial_of(200, 5), denial_of(100, 9) };
	const struct denial later = denial_of(50, 7), never = denial_of(300, 3);
	struct record_ids ids = { .v = NULL };
	size_t i;

	(void)state;
	for (i = 0; i < 5; i++)
		record_ids_add(&ids, &noted[i]);
	record_ids_meet(&ids, &never);
	for (i = 0; i < 5; i++)
		assert_false(record_ids_were_met(&ids, &noted[i]));
	/* an event with two records is kept once */
	assert_int_equal(ids.n, 4);
	record_ids_meet(&ids, &noted[0]);
	record_ids_meet(&ids, &noted[1]);
	record_ids_add(&ids, &later);
	record_ids_meet(&ids, &later);
	assert_true(record_ids_were_met(&ids, &noted[0]));
	assert_true(record_ids_were_met(&ids, &noted[1]));
	assert_false(record_ids_were_met(&ids, &noted[2]));
	assert_false(record_ids_were_met(&ids, &noted[3]));
	assert_true(record_ids_were_met(&ids, &later));
	assert_false(record_ids_were_met(&ids, &never));
	record_ids_free(&ids);
	assert_int_equal(ids.n, 0);
}

/* Some forms of a log drop the serial: nobody knows whether two of these are the same. */
static void records_without_a_serial_are_never_the_same(void **state)
{
	const struct denial plain = denial_of(100, 0);
	struct record_ids ids = { .v = NULL };

	(void)state;
	record_ids_add(&ids, &plain);
	assert_int_equal(ids.n, 0);
	record_ids_meet(&ids, &plain);
	assert_false(record_ids_were_met(&ids, &plain));
	record_ids_free(&ids);
}

static void names_of_files_live_as_long_as_the_reader(void **state)
{
	int n = 0;
	struct audit_reader *r = audit_reader_new(count_record, &n);
	char name[] = "audit.log.1";
	static const char broken[] = "type=AVC msg=audit(1700000000.100:7): avc:  denied  { s";

	(void)state;
	audit_reader_file(r, name);
	audit_reader_line(r, broken, strlen(broken));
	audit_reader_flush(r);
	name[0] = '\0';
	assert_string_equal(audit_reader_counts(r)->places[0].file, "audit.log.1");
	assert_int_equal(audit_reader_counts(r)->lost, 0);
	audit_reader_lost(r);
	assert_int_equal(audit_reader_counts(r)->lost, 1);
	audit_reader_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_in_two_logs_counts_once),
		cmocka_unit_test(events_are_found_in_any_order),
		cmocka_unit_test(records_without_a_serial_are_never_the_same),
		cmocka_unit_test(names_of_files_live_as_long_as_the_reader),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
