/* What a Unix stream socket between two processes can do, without a runtime: the measure for Talking.java.
 * gcc -O2 -Wall -o pipes pipes.c && ./pipes REPEATS
 * Prints the same lines as the Java side: round trips of 64 bytes, and one way, one write for each message or batches of 64 KiB. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SIZE = 64, BATCH = 65536, TRIPS = 30000, SINGLES = 400000, BATCHES = 10000 };

static char buffer[BATCH];

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void check(ssize_t count) {
    if (count <= 0) {
        perror("socket");
        exit(1);
    }
}

static void write_all(int fd, size_t length) {
    for (size_t done = 0; done < length;) {
        ssize_t count = write(fd, buffer + done, length - done);
        check(count);
        done += (size_t)count;
    }
}

static void read_all(int fd, size_t length) {
    while (length > 0) {
        ssize_t count = read(fd, buffer, length < BATCH ? length : BATCH);
        check(count);
        length -= (size_t)count;
    }
}

static void round_trips(void) {
    static double times[TRIPS];
    int fds[2];
    check(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0 ? 1 : 0);
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < TRIPS; i++) {
            read_all(fds[1], SIZE);
            write_all(fds[1], SIZE);
        }
        _exit(0);
    }
    double start = now();
    for (int i = 0; i < TRIPS; i++) {
        double before = now();
        write_all(fds[0], SIZE);
        read_all(fds[0], SIZE);
        times[i] = now() - before;
    }
    double all = now() - start;
    waitpid(child, NULL, 0);
    close(fds[0]);
    close(fds[1]);
    qsort(times, TRIPS, sizeof times[0], ascending);
    printf("C round trip 64 B | %.0f/s | p50 %.1f us | p99 %.1f us\n", TRIPS / all * 1e6, times[TRIPS / 2],
           times[TRIPS * 99 / 100]);
}

static void one_way(const char *name, size_t length, long count) {
    int fds[2];
    check(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0 ? 1 : 0);
    pid_t child = fork();
    if (child == 0) {
        read_all(fds[1], length * (size_t)count);
        write_all(fds[1], 1);
        _exit(0);
    }
    double start = now();
    for (long i = 0; i < count; i++) {
        write_all(fds[0], length);
    }
    read_all(fds[0], 1);
    double all = now() - start;
    waitpid(child, NULL, 0);
    close(fds[0]);
    close(fds[1]);
    printf("C one way %s | %.2f M messages/s\n", name, (double)length / SIZE * (double)count / all);
}

int main(int argc, char **argv) {
    int repeats = argc > 1 ? atoi(argv[1]) : 3;
    memset(buffer, 'x', sizeof buffer);
    for (int i = 0; i < repeats; i++) {
        round_trips();
        one_way("64 B, one write each", SIZE, SINGLES);
        one_way("64 B in batches of 64 KiB", BATCH, BATCHES);
        fflush(stdout);
    }
    return 0;
}
