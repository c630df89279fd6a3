/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_SUPPORT_CPU_CLOCK_H
#define SECMARK2_SUPPORT_CPU_CLOCK_H

/* The processor time of this process, in milliseconds. Other programs do not change it much. */
double cpu_clock_ms(void);

#endif
