// SPDX-License-Identifier: GPL-2.0-only
#include "load/boot.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "load/state.h"
#include "plan/plan.h"
#include "plan/print.h"
#include "util/alloc.h"
#include "util/buffer.h"
#include "util/diag.h"
#include "util/hash.h"
#include "util/json.h"
#include "util/run.h"

#define HEADER "# secmark2 boot plan 1 "
#define NAME "boot.plan"
#define NEW "new"

#define BOOT_UNIT "secmark2.service"
#define SYSTEMCTL_SECONDS 10

bool boot_is_here(void)
{
	struct stat own, first;

	if (state_is_first_namespace())
		return true;
	return !stat("/proc/self/ns/net", &own) && !stat("/proc/1/ns/net", &first) &&
	       own.st_ino == first.st_ino && own.st_dev == first.st_dev;
}

static int boot_damaged(struct err *err)
{
	err_set(err, -EBADMSG, BOOT_PLAN " is damaged");
	err_hint(err, "secmarkctl apply PLAN writes it anew");
	return -EBADMSG;
}

static void format_sum(char sum[17], const char *text)
{
	snprintf(sum, 17, "%016" PRIx64, hash_text(text));
}

static int decode_header(const json_t *json, const char *text, struct load_state *state)
{
	const char *plan = NULL, *backend = NULL, *sum = NULL;
	json_int_t at = 0;
	char wanted[17];

	if (json_unpack((json_t *)json, "{s?s, s?s, s?I, s:s}", "plan", &plan, "backend", &backend,
			"loaded", &at, "sum", &sum))
		return -EBADMSG;
	format_sum(wanted, text);
	if (strcmp(sum, wanted) || (plan && !backend) || (!plan && *text))
		return -EBADMSG;
	if (!plan)
		return 0;
	state->plan_name = alloc_text(plan, strlen(plan));
	state->backend = alloc_text(backend, strlen(backend));
	state->plan_text = alloc_text(text, strlen(text));
	state->loaded_at = at;
	return 0;
}

static int decode_boot_plan(char *data, size_t len, struct load_state *state)
{
	char *end = len && !memchr(data, '\0', len) ? memchr(data, '\n', len) : NULL;
	json_t *json;
	int ret;

	if (!end || strncmp(data, HEADER, strlen(HEADER)))
		return -EBADMSG;
	*end = '\0';
	json = json_loads(data + strlen(HEADER), 0, NULL);
	ret = json ? decode_header(json, end + 1, state) : -EBADMSG;
	json_decref(json);
	return ret;
}

int boot_read(struct load_state *state, struct err *err)
{
	char *data, *text;
	size_t len;
	int ret = file_read(BOOT_PLAN, &data, &len, err);

	*state = (struct load_state){ 0 };
	if (ret)
		return ret;
	text = alloc_text(data, len);
	ret = decode_boot_plan(text, len, state);
	free(text);
	free(data);
	return ret ? boot_damaged(err) : 0;
}

static char *encode_boot_plan(const struct load_state *state)
{
	const char *text = state->plan_text ? state->plan_text : "";
	char sum[17], *header, *all;
	json_t *json;
	size_t len;
	FILE *out;

	format_sum(sum, text);
	if (state->plan_text)
		json = json_pack("{s:o, s:s, s:I, s:s}", "plan", text_to_json(state->plan_name),
				 "backend", state->backend, "loaded", (json_int_t)state->loaded_at,
				 "sum", sum);
	else
		json = json_pack("{s:s}", "sum", sum);
	header = json_to_text(json, 0);
	json_decref(json);
	out = buffer_open(&all, &len);
	fprintf(out, HEADER "%s\n%s", header, text);
	buffer_close(out);
	free(header);
	return all;
}

static int boot_write_new(int dir, const char *text)
{
	int fd = openat(dir, NEW, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	size_t len = strlen(text);
	int ret = 0;

	if (fd < 0)
		return -errno;
	/* nobody could read it again */
	if (len > FILE_SIZE_MAX)
		ret = -EFBIG;
	errno = ENOSPC;
	if (!ret && (write(fd, text, len) != (ssize_t)len || fsync(fd)))
		ret = -errno;
	return close(fd) && !ret ? -errno : ret;
}

/* The old file or the new one is there, whole, also after a power failure. */
static int boot_replace(int dir, const char *text)
{
	int ret = boot_write_new(dir, text);

	if (!ret && renameat(dir, NEW, dir, NAME))
		ret = -errno;
	if (!ret)
		return fsync(dir) ? -errno : 0;
	unlinkat(dir, NEW, 0);
	return ret;
}

/* The parents are those of every system; a small one may lack them. */
static int open_boot_dir(void)
{
	static const char *const parents[] = { "/var", "/var/lib" };
	size_t i;
	int fd;

	for (i = 0; i < sizeof(parents) / sizeof(parents[0]); i++)
		if (mkdir(parents[i], 0755) && errno != EEXIST)
			return -errno;
	if (mkdir(BOOT_DIR, 0700) && errno != EEXIST)
		return -errno;
	fd = open(BOOT_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static bool boot_text_is(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

bool boot_exists(void)
{
	return !access(BOOT_PLAN, F_OK);
}

/* The time of the first load may stay. */
bool boot_has(const struct load_state *state)
{
	struct load_state kept = { 0 };
	struct err ignored;
	bool has = !boot_is_here() ||
		   (!boot_read(&kept, &ignored) && boot_text_is(kept.plan_text, state->plan_text) &&
		    (!state->plan_text || (boot_text_is(kept.plan_name, state->plan_name) &&
					   boot_text_is(kept.backend, state->backend))));

	state_clear(&kept);
	return has;
}

int boot_write(const struct load_state *state, struct err *err)
{
	char *text;
	int dir, ret;

	if (boot_has(state))
		return 0;
	dir = open_boot_dir();
	ret = dir < 0 ? dir : 0;
	if (!ret) {
		text = encode_boot_plan(state);
		ret = boot_replace(dir, text);
		free(text);
		close(dir);
	}
	if (ret)
		err_set(err, ret, BOOT_PLAN ": %s", file_error(ret));
	return ret;
}

/* Is the unit active, or enabled for the next boot? Not without systemd. */
static int boot_unit_is_on(bool *on, struct err *err)
{
	static const char *const argv[] = {
		"systemctl", "show", "--property=ActiveState", "--property=UnitFileState",
		BOOT_UNIT,   NULL
	};
	static const char *const states[] = { "ActiveState=active\n", "ActiveState=reloading\n",
					      "UnitFileState=enabled\n",
					      "UnitFileState=enabled-runtime\n" };
	struct run_result r = { 0 };
	size_t i;
	int ret;

	*on = false;
	/* as in sd_booted(3) */
	if (access("/run/systemd/system", F_OK))
		return 0;
	ret = run(argv, NULL, 0, SYSTEMCTL_SECONDS, &r, err);
	if (!ret && r.status)
		ret = err_set(err, -EIO, "systemctl show " BOOT_UNIT " failed with status %d",
			      r.status);
	for (i = 0; i < sizeof(states) / sizeof(states[0]) && !ret; i++)
		*on |= strstr(r.out, states[i]) != NULL;
	run_free(&r);
	return ret;
}

int boot_is_expected(bool *expected, struct err *err)
{
	struct load_state state = { 0 };
	bool on;
	int ret;

	*expected = false;
	if (!boot_is_here())
		return 0;
	ret = boot_unit_is_on(&on, err);
	if (ret || !on)
		return ret;
	ret = boot_read(&state, err);
	*expected = ret == -ENOENT ? !access(BOOT_FIRST, F_OK) : state.plan_text != NULL;
	state_clear(&state);
	return ret == -ENOENT ? 0 : ret;
}

bool boot_plan_changed(const struct load_state *state)
{
	struct diag diag = { 0 };
	struct plan plan;
	bool changed = true;
	struct stat st;
	char *text;

	if (state->plan_name[0] != '/' || stat(state->plan_name, &st) || !S_ISREG(st.st_mode))
		return false;
	if (!plan_read(state->plan_name, &plan, &diag)) {
		text = plan_print_text(&plan);
		changed = strcmp(text, state->plan_text);
		free(text);
	}
	plan_free(&plan);
	diag_free(&diag);
	return changed;
}
