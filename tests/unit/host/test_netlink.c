// SPDX-License-Identifier: GPL-2.0-only
/* The loop that reads the kernel's answers: a list, one answer, errors, a list that changes. Two
 * functions in place of libmnl's play the kernel. */
#include <errno.h>
#include <linux/netlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "host/netlink.h"

#define THING (NLMSG_MIN_TYPE + 1)

/* The kernel's answers: each is one packet of one message. */
struct said {
	uint16_t type; /* 0: reading fails with error */
	uint16_t flags;
	int error; /* errno */
};

static const struct said *script;
static struct nlmsghdr request_seen;
static unsigned int sent;

ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *request, size_t len)
{
	(void)nl;
	memcpy(&request_seen, request, sizeof(request_seen));
	sent++;
	return len;
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t size)
{
	const struct said *s = script++;
	struct nlmsghdr *nlh;
	struct nlmsgerr *e;

	if (!s->type) {
		errno = s->error;
		return -1;
	}
	assert_in_range(size, 32768, SIZE_MAX);
	nlh = mnl_nlmsg_put_header(buf);
	nlh->nlmsg_type = s->type;
	nlh->nlmsg_flags = s->flags;
	nlh->nlmsg_seq = request_seen.nlmsg_seq;
	nlh->nlmsg_pid = mnl_socket_get_portid(nl);
	if (s->type == NLMSG_ERROR) {
		e = mnl_nlmsg_put_extra_header(nlh, sizeof(*e));
		e->error = -s->error;
	} else {
		*(int *)mnl_nlmsg_put_extra_header(nlh, sizeof(int)) = -s->error;
	}
	return nlh->nlmsg_len;
}

static const struct said list[] = {
	{ THING, NLM_F_MULTI, 0 },
	{ THING, NLM_F_MULTI, 0 },
	{ NLMSG_DONE, NLM_F_MULTI, 0 },
};

static void start(void *arg)
{
	*(unsigned int *)arg = 0;
}

static int count(const struct nlmsghdr *nlh, void *arg)
{
	assert_int_equal(nlh->nlmsg_type, THING);
	++*(unsigned int *)arg;
	return MNL_CB_OK;
}

static struct nlmsghdr *request_in(char *buf)
{
	struct nlmsghdr *request = mnl_nlmsg_put_header(buf);

	request->nlmsg_type = THING;
	sent = 0;
	return request;
}

/* Returns what netlink_list() returns for the script, and how many messages came. */
static int run_list(const struct said *s, unsigned int *n)
{
	char buf[NETLINK_REQUEST_MAX];
	struct mnl_socket *nl;
	int ret;

	*n = 0;
	script = s;
	assert_int_equal(netlink_open(NETLINK_ROUTE, &nl), 0);
	ret = netlink_list(nl, request_in(buf), count, n);
	mnl_socket_close(nl);
	assert_int_equal(sent, 1);
	assert_int_equal(request_seen.nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
	return ret;
}

static void a_list_is_read_until_it_is_done(void **state)
{
	unsigned int n;

	(void)state;
	assert_int_equal(run_list(list, &n), 0);
	assert_int_equal(n, 2);
	assert_ptr_equal(script, list + 3);
}

static void what_the_kernel_refuses_is_its_errno(void **state)
{
	static const struct said refused[] = { { NLMSG_ERROR, 0, EPERM } };
	static const struct said broken[] = { { 0, 0, ENOBUFS } };
	unsigned int n;

	(void)state;
	assert_int_equal(run_list(refused, &n), -EPERM);
	assert_int_equal(run_list(broken, &n), -ENOBUFS);
}

static void a_list_that_ends_with_an_error_is_none(void **state)
{
	static const struct said ended[] = {
		{ THING, NLM_F_MULTI, 0 },
		{ NLMSG_DONE, NLM_F_MULTI, ENOENT },
	};
	unsigned int n;

	(void)state;
	assert_int_equal(run_list(ended, &n), -ENOENT);
}

static void a_signal_does_not_end_a_list(void **state)
{
	static const struct said signaled[] = {
		{ THING, NLM_F_MULTI, 0 },
		{ 0, 0, EINTR },
		{ THING, NLM_F_MULTI, 0 },
		{ NLMSG_DONE, NLM_F_MULTI, 0 },
	};
	unsigned int n;

	(void)state;
	assert_int_equal(run_list(signaled, &n), 0);
	assert_int_equal(n, 2);
}

static void a_list_that_changes_is_reported_by_one_attempt(void **state)
{
	static const struct said changed[] = {
		{ THING, NLM_F_MULTI, 0 },
		{ THING, NLM_F_MULTI | NLM_F_DUMP_INTR, 0 },
	};
	unsigned int n;

	(void)state;
	assert_int_equal(run_list(changed, &n), -EINTR);
}

static void a_list_that_changes_is_read_anew_by_a_dump(void **state)
{
	static const struct said changed[] = {
		{ THING, NLM_F_MULTI, 0 },
		{ THING, NLM_F_MULTI | NLM_F_DUMP_INTR, 0 },
		{ THING, NLM_F_MULTI, 0 },
		{ NLMSG_DONE, NLM_F_MULTI, 0 },
	};
	char buf[NETLINK_REQUEST_MAX];
	unsigned int n;

	(void)state;
	script = changed;
	assert_int_equal(netlink_dump(NETLINK_ROUTE, request_in(buf), start, count, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(sent, 2);
}

static void a_list_that_never_holds_still_is_given_up(void **state)
{
	static const struct said changing[5] = {
		[0 ... 4] = { THING, NLM_F_MULTI | NLM_F_DUMP_INTR, 0 },
	};
	char buf[NETLINK_REQUEST_MAX];
	unsigned int n;

	(void)state;
	script = changing;
	assert_int_equal(netlink_dump(NETLINK_ROUTE, request_in(buf), start, count, &n), -EINTR);
	assert_int_equal(sent, 5);
}

static int run_do(const struct said *s, mnl_cb_t message, unsigned int *n)
{
	char buf[NETLINK_REQUEST_MAX];
	struct mnl_socket *nl;
	int ret;

	*n = 0;
	script = s;
	assert_int_equal(netlink_open(NETLINK_ROUTE, &nl), 0);
	ret = netlink_do(nl, request_in(buf), message, n);
	mnl_socket_close(nl);
	assert_int_equal(request_seen.nlmsg_flags, NLM_F_REQUEST | NLM_F_ACK);
	return ret;
}

static void one_answer_ends_with_the_acknowledgment(void **state)
{
	static const struct said told[] = { { THING, 0, 0 }, { NLMSG_ERROR, 0, 0 } };
	static const struct said refused[] = { { NLMSG_ERROR, 0, ENOENT } };
	unsigned int n;

	(void)state;
	assert_int_equal(run_do(told, count, &n), 0);
	assert_int_equal(n, 1);
	assert_ptr_equal(script, told + 2);
	assert_int_equal(run_do(told + 1, NULL, &n), 0);
	assert_int_equal(run_do(refused, NULL, &n), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_is_read_until_it_is_done),
		cmocka_unit_test(what_the_kernel_refuses_is_its_errno),
		cmocka_unit_test(a_list_that_ends_with_an_error_is_none),
		cmocka_unit_test(a_signal_does_not_end_a_list),
		cmocka_unit_test(a_list_that_changes_is_reported_by_one_attempt),
		cmocka_unit_test(a_list_that_changes_is_read_anew_by_a_dump),
		cmocka_unit_test(a_list_that_never_holds_still_is_given_up),
		cmocka_unit_test(one_answer_ends_with_the_acknowledgment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
