// SPDX-License-Identifier: GPL-2.0-only
#include "record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <jansson.h>

#include "alloc.h"
#include "err.h"
#include "slurp.h"

#define FOLDER "/run/secmark2"

static int read_file(unsigned long long inode, const char *name, char **text, struct err *err)
{
	char path[128], *data;
	size_t len;
	int ret;

	snprintf(path, sizeof(path), FOLDER "/%llu/%s", inode, name);
	ret = slurp(path, &data, &len, err);
	if (ret)
		return ret;
	*text = alloc_text(data, len);
	free(data);
	return 0;
}

static int understand(const char *text, struct record *r, struct err *err)
{
	json_t *all = json_loads(text, 0, NULL);
	const char *plan, *backend;
	json_int_t loaded;
	int ret = 0;

	if (all && json_unpack(all, "{s:s, s:s, s:I}", "plan", &plan, "backend", &backend, "loaded", &loaded) == 0) {
		r->plan_name = alloc_text(plan, strlen(plan));
		r->backend = alloc_text(backend, strlen(backend));
		r->loaded_at = loaded;
	} else {
		ret = err_set(err, -EINVAL, "the record of what is loaded is damaged: " FOLDER);
	}
	json_decref(all);
	return ret;
}

int record_read(struct record *r, struct err *err)
{
	char *text = NULL;
	struct stat ns;
	int ret;

	*r = (struct record){ 0 };
	if (stat("/proc/self/ns/net", &ns))
		return err_set(err, -errno, "/proc/self/ns/net: %s", strerror(errno));
	ret = read_file(ns.st_ino, "record.json", &text, err);
	if (!ret)
		ret = understand(text, r, err);
	if (!ret)
		ret = read_file(ns.st_ino, "plan", &r->plan_text, err);
	free(text);
	return ret;
}

void record_free(struct record *r)
{
	free(r->plan_text);
	free(r->plan_name);
	free(r->backend);
	*r = (struct record){ 0 };
}
