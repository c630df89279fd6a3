/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_UTIL_METRICS_H
#define SECMARK2_UTIL_METRICS_H

#include <stdint.h>
#include <stdio.h>

/*
 * The text format of Prometheus, version 0.0.4, which the textfile collector of node_exporter
 * reads: https://prometheus.io/docs/instrumenting/exposition_formats/. The names are not escaped:
 * they have letters, digits and underscores.
 */

struct metric_label {
	const char *name;
	const char *value; /* any bytes; a backslash and those that a terminal would act on are
			    * escaped: \\, \xHH. NULL ends a list of labels */
};

/**
 * metrics_begin - write what stands above the values of a metric
 * @out:  where to
 * @name: of the metric
 * @type: counter or gauge
 * @help: what it is, in one line
 */
void metrics_begin(FILE *out, const char *name, const char *type, const char *help);

/**
 * metrics_value - write a value of that metric
 * @out:    where to
 * @name:   of the metric
 * @labels: end with one whose value is NULL; NULL: the metric has none
 * @value:  the value
 */
void metrics_value(FILE *out, const char *name, const struct metric_label *labels, uint64_t value);

#endif
