// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "plan/application.h"
#include "policy/file_contexts.h"

/* Lines as semodule writes them, from Debian's policy, and some that are harder. */
static const char text[] = "/usr/bin/.*\t--\tsystem_u:object_r:bin_t:s0\n"
			   "/etc/s\\(?sh\t--\tsystem_u:object_r:regex_t:s0\n"
			   "/usr/bin/ssh-agent\t--\tsystem_u:object_r:ssh_agent_exec_t:s0\n"
			   "/usr/bin/ssh\t--\tsystem_u:object_r:ssh_exec_t:s0\n"
			   "/usr/bin/g\\+\\+\t--\tsystem_u:object_r:gcc_exec_t:s0\n"
			   "/usr/bin/all  system_u:object_r:all_exec_t:s0\n"
			   "/usr/bin/socket\t-s\tsystem_u:object_r:socket_t:s0\n"
			   "/usr/bin/folder\t-d\tsystem_u:object_r:folder_t:s0\n"
			   "/usr/bin/none\t--\t<<none>>\n"
			   "/usr/bin/ours\t--\tsystem_u:object_r:ours_net_exec_t:s0\n"
			   "/usr/bin/ours-nomls\t--\tsystem_u:object_r:ours_net_exec_t\n"
			   "/usr/bin/alike\t--\tsystem_u:object_r:ours_net_exec_t_t:s0\n"
			   "/usr/bin/level\t--\tsystem_u:object_r:bin_t:s0_net_exec_t\n"
			   "/usr/bin/nomls\t--\tsystem_u:object_r:nomls_t";

static void a_label_for_exactly_the_path_counts(void **state)
{
	(void)state;
	assert_true(file_contexts_name(text, "/usr/bin/ssh"));
	assert_true(file_contexts_name(text, "/usr/bin/ssh-agent"));
	assert_true(file_contexts_name(text, "/usr/bin/g++"));
	assert_true(file_contexts_name(text, "/usr/bin/none"));
	assert_true(file_contexts_name(text, "/usr/bin/nomls"));
	/* for all kinds of files */
	assert_true(file_contexts_name(text, "/usr/bin/all"));
}

static void others_do_not(void **state)
{
	(void)state;
	assert_false(file_contexts_name(text, "/usr/bin/curl"));
	assert_false(file_contexts_name(text, "/usr/bin/.*"));
	assert_false(file_contexts_name(text, "/usr/bin/ss"));
	assert_false(file_contexts_name(text, "/usr/bin/ssh-"));
	assert_false(file_contexts_name(text, "/usr/bin/g"));
	assert_false(file_contexts_name(text, "/etc/s(?sh"));
	assert_false(file_contexts_name(text, "/usr/bin/socket"));
	assert_false(file_contexts_name(text, "/usr/bin/folder"));
	assert_false(file_contexts_name("", "/usr/bin/ssh"));
	assert_false(file_contexts_name(NULL, "/usr/bin/ssh"));
	assert_false(file_contexts_name("/usr/bin/ssh\\", "/usr/bin/ssh"));
}

static void labels_of_applications_do_not(void **state)
{
	(void)state;
	assert_false(file_contexts_name(text, "/usr/bin/ours"));
	assert_false(file_contexts_name(text, "/usr/bin/ours-nomls"));
	assert_true(file_contexts_name(text, "/usr/bin/alike"));
	assert_true(file_contexts_name(text, "/usr/bin/level"));
}

static void a_path_that_the_policy_has_gets_another_name(void **state)
{
	const struct plan_application a = {
		.name = (char *)"tools",
		.domain = (char *)"tools_net_t",
		.entry = (char *)"tools_net_exec_t",
	};
	char *path;

	(void)state;
	path = policy_application_path(text, &a, "/usr/bin/ssh");
	assert_string_equal(path, "/usr/bin/ssh.tools_net_t");
	free(path);
	path = policy_application_path(text, &a, "/usr/bin/curl");
	assert_string_equal(path, "/usr/bin/curl");
	free(path);
	path = policy_application_path(NULL, &a, "/usr/bin/ssh");
	assert_string_equal(path, "/usr/bin/ssh");
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_label_for_exactly_the_path_counts),
		cmocka_unit_test(others_do_not),
		cmocka_unit_test(labels_of_applications_do_not),
		cmocka_unit_test(a_path_that_the_policy_has_gets_another_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
