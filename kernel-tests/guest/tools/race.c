// SPDX-License-Identifier: GPL-2.0-only
/*
 * guest-race N: on N connections, two processors each send a packet at the same time.
 *
 * A connection is one UDP port of this machine. Its first packet, from neither sender, has mark 0,
 * and when it is sent, conntrack has the connection. The packets of the senders have mark 1 and 2.
 * The rules should drop them, so nothing waits for an answer.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define SENDER_PORT 9
#define FIRST_PORT 1024
#define MOST 20000

static struct {
	atomic_long ready[2]; /* the number of the connection that each sender is ready for */
	atomic_bool failed;   /* one of them; the other one stops as well */
} * shared;

static void __attribute__((noreturn)) race_die(const char *what)
{
	fprintf(stderr, "guest-race: %s: %s\n", what, strerror(errno));
	if (shared)
		atomic_store(&shared->failed, true);
	exit(1);
}

static int race_socket(int mark)
{
	struct sockaddr_in from = { .sin_family = AF_INET,
				    .sin_port = htons(SENDER_PORT),
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int on = 1, fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)) ||
	    bind(fd, (struct sockaddr *)&from, sizeof(from)))
		race_die("no socket");
	return fd;
}

static void race_send(int fd, long connection)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(FIRST_PORT + connection),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	/* EPERM: dropped, as it should be */
	if (sendto(fd, "", 1, 0, (struct sockaddr *)&to, sizeof(to)) < 0 && errno != EPERM)
		race_die("cannot send");
}

static void processor_take(int number)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(number, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		race_die("this guest has one processor");
}

/* Sender 0 also opens the connections. */
static void sender_run(int sender, long n)
{
	int fd = race_socket(sender + 1), opener = sender ? -1 : race_socket(0);

	processor_take(sender);
	for (long i = 1; i <= n; i++) {
		if (!sender)
			race_send(opener, i);
		atomic_store(&shared->ready[sender], i);
		while (atomic_load(&shared->ready[!sender]) < i)
			if (atomic_load(&shared->failed))
				exit(1);
		race_send(fd, i);
	}
}

int main(int argc, char **argv)
{
	long n = argc == 2 ? atol(argv[1]) : 0;
	int status = 0;
	pid_t pid;

	if (n < 1 || n > MOST) {
		fprintf(stderr, "usage: guest-race N, at most %d\n", MOST);
		return 2;
	}
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (shared == MAP_FAILED) {
		perror("guest-race");
		return 1;
	}
	pid = fork();
	if (pid < 0)
		race_die("no process");
	sender_run(pid == 0, n);
	if (pid && (waitpid(pid, &status, 0) != pid || status))
		return 1;
	return 0;
}
