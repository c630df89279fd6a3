// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench-traffic new|established PORT: instructions per packet to that port on this machine's packet
 * path, counted by a guest whose clock counts them (run --icount). A packet goes over loopback,
 * through OUTPUT and INPUT, and the system calls that send and receive it count as well.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <linux/random.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define CLIENT_PORT 10000 /* the first one */
#define PACKETS 500       /* in a batch */
#define WARM_UP 6  /* batches: what the previous namespace left to clean up is done by then */
#define BATCHES 21 /* measured */
#define OUTER 5    /* batches at either end, by cost, that do not count */
#define DEAREST 10 /* packets of a batch that do not count */

/* The sockets that one packet goes from and to. */
struct way {
	int from, to;
};

static void traffic_die(const char *what)
{
	fprintf(stderr, "bench-traffic: %s: %s\n", what, strerror(errno));
	exit(1);
}

/*
 * A pool that is not ready makes the kernel ask for randomness for every conntrack entry, 11,500
 * instructions at a time. The bytes are always the same ones, for hash functions that are always
 * the same.
 */
static void traffic_random_seed(void)
{
	union {
		struct rand_pool_info info;
		char room[sizeof(struct rand_pool_info) + 256];
	} pool = { .info = { .entropy_count = 8 * 256, .buf_size = 256 } };
	int fd = open("/dev/urandom", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || ioctl(fd, RNDADDENTROPY, &pool))
		traffic_die("cannot seed the kernel's random numbers");
	close(fd);
}

static void traffic_flush_conntrack(void)
{
	struct {
		struct nlmsghdr nlh;
		struct nfgenmsg nfg;
	} all = {
		.nlh = { .nlmsg_len = sizeof(all),
			 .nlmsg_type = (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_DELETE,
			 .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
		.nfg = { .nfgen_family = AF_UNSPEC, .version = NFNETLINK_V0 },
	};
	struct {
		struct nlmsghdr nlh;
		struct nlmsgerr err;
	} answer = { 0 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);

	if (fd < 0 || send(fd, &all, sizeof(all), 0) < 0 ||
	    recv(fd, &answer, sizeof(answer), 0) < 0)
		traffic_die("cannot flush conntrack");
	errno = -answer.err.error;
	if (errno)
		traffic_die("cannot flush conntrack");
	close(fd);
}

static int udp_socket(int port, int peer)
{
	struct sockaddr_in own = { .sin_family = AF_INET,
				   .sin_port = htons(port),
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in other = { .sin_family = AF_INET,
				     .sin_port = htons(peer),
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval limit = { .tv_sec = 1 };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) ||
	    bind(fd, (struct sockaddr *)&own, sizeof(own)) ||
	    (peer && connect(fd, (struct sockaddr *)&other, sizeof(other))))
		traffic_die("cannot make a socket");
	return fd;
}

/* One flow, back and forth. */
static void established_open(struct way *way, int port)
{
	int client = udp_socket(CLIENT_PORT, port), server = udp_socket(port, CLIENT_PORT);

	for (int i = 0; i < PACKETS; i++)
		way[i] = i % 2 ? (struct way){ server, client } : (struct way){ client, server };
}

/* As many flows as packets. */
static void new_open(struct way *way, int port)
{
	int server = udp_socket(port, 0);

	for (int i = 0; i < PACKETS; i++)
		way[i] = (struct way){ udp_socket(CLIENT_PORT + i, port), server };
}

static void flows_keep(void)
{
}

static const struct kind {
	const char *name;
	void (*open)(struct way *way, int port);
	void (*before)(void); /* each batch */
} kinds[] = {
	{ "established", established_open, flows_keep },
	{ "new", new_open, traffic_flush_conntrack },
};

static const struct kind *kind_find(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

/* The counter itself where user space may read it: a clock costs instructions of its own. */
static unsigned long long instructions(void)
{
#ifdef __x86_64__
	return __builtin_ia32_rdtsc();
#else
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
#endif
}

static double packet_cost(const struct way *way)
{
	unsigned long long start = instructions();
	char byte = 0;

	/* A packet that is denied costs less: it would look like a fast rule set. */
	if (send(way->from, &byte, 1, 0) != 1 || recv(way->to, &byte, 1, 0) != 1)
		traffic_die("a packet is lost");
	return (double)(instructions() - start);
}

static int traffic_compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The timer's interrupt hits one packet or two of a batch, which is all that would differ from
 * batch to batch. */
static double batch_mean(const struct way *way)
{
	double cost[PACKETS], sum = 0;

	for (int i = 0; i < PACKETS; i++)
		cost[i] = packet_cost(&way[i]);
	qsort(cost, PACKETS, sizeof(cost[0]), traffic_compare);
	for (int i = 0; i < PACKETS - DEAREST; i++)
		sum += cost[i];
	return sum / (PACKETS - DEAREST);
}

/*
 * Now and then a worker of the kernel runs in the middle of a batch, so only the middle ones count.
 * Their mean, because a median would jump: a new flow takes random numbers, and those are made by
 * the dozen.
 */
static double middle_batches(const struct kind *kind, int port)
{
	struct way way[PACKETS];
	double mean[BATCHES], sum = 0;

	kind->open(way, port);
	for (int i = -WARM_UP; i < BATCHES; i++) {
		kind->before();
		mean[i < 0 ? 0 : i] = batch_mean(way);
	}
	qsort(mean, BATCHES, sizeof(mean[0]), traffic_compare);
	for (int i = OUTER; i < BATCHES - OUTER; i++)
		sum += mean[i];
	return sum / (BATCHES - 2 * OUTER);
}

int main(int argc, char **argv)
{
	const struct kind *kind = argc == 3 ? kind_find(argv[1]) : NULL;
	int port = kind ? atoi(argv[2]) : 0;

	if (port <= 0 || port > 65535) {
		fprintf(stderr, "usage: bench-traffic established|new PORT\n");
		return 2;
	}
	traffic_random_seed();
	traffic_flush_conntrack();
	printf("%.1f\n", middle_batches(kind, port));
	return 0;
}
