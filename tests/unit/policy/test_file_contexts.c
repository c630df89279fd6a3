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
	const struct file_labels labels = { .contexts = (char *)text };
	const struct file_labels none = { NULL };
	char *path;

	(void)state;
	path = policy_application_path(&labels, &a, "/usr/bin/ssh");
	assert_string_equal(path, "/usr/bin/ssh.tools_net_t");
	free(path);
	path = policy_application_path(&labels, &a, "/usr/bin/curl");
	assert_string_equal(path, "/usr/bin/curl");
	free(path);
	path = policy_application_path(&none, &a, "/usr/bin/ssh");
	assert_string_equal(path, "/usr/bin/ssh");
	free(path);
}

static void assert_looked_for(const struct file_labels *labels, const char *path, const char *want)
{
	char *have = file_labels_path(labels, path);

	assert_string_equal(have, want);
	free(have);
}

static void folders_have_the_labels_of_others(void **state)
{
	const struct file_labels labels = {
		.dist = (char *)"# comment\n\n/lib /usr/lib\n/lib/systemd /usr/lib/sd\n"
				"\t/root / \n/usr/local/lib\t/usr/lib\n/alone\n/var/run /run",
		.local = (char *)"/opt /usr/local/lib\n/opt/app /usr/app\n/bin/one /bin/two\n",
	};

	(void)state;
	assert_looked_for(&labels, "/usr/bin/x", "/usr/bin/x");
	assert_looked_for(&labels, "/lib/x", "/usr/lib/x");
	assert_looked_for(&labels, "/lib/systemd/x", "/usr/lib/sd/x");
	assert_looked_for(&labels, "/library/x", "/library/x");
	assert_looked_for(&labels, "/root/x/y", "/x/y");
	assert_looked_for(&labels, "/usr/local/lib/a/x", "/usr/lib/a/x");
	assert_looked_for(&labels, "/alone/x", "/alone/x");
	assert_looked_for(&labels, "/var/run/x", "/run/x");
	/* the local ones first, then those of the policy, and each once */
	assert_looked_for(&labels, "/opt/x", "/usr/lib/x");
	assert_looked_for(&labels, "/opt/app/x", "/usr/app/x");
	assert_looked_for(&labels, "/lib/lib/x", "/usr/lib/lib/x");
	/* what is for the file alone is made by secmarkctl, or stays as it is */
	assert_looked_for(&labels, "/bin/one", "/bin/one");
	assert_looked_for(&labels, "/lib", "/lib");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_label_for_exactly_the_path_counts),
		cmocka_unit_test(others_do_not),
		cmocka_unit_test(labels_of_applications_do_not),
		cmocka_unit_test(a_path_that_the_policy_has_gets_another_name),
		cmocka_unit_test(folders_have_the_labels_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
