/* A ring between two processes that is not crash-safe: Vyukov's bounded queue, 64-byte messages; and how long a process
   that sleeps on a futex takes to be awake. The limit against which dev.muster.memory.Channel is measured. cc -O2 -o ring ring.c && ./ring */
#define _GNU_SOURCE
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PLACES = 2048, MESSAGE = 64, ROUNDS = 5, MESSAGES = 3000000, SPINS = 200, WAKES = 5000, PAUSE_MICROS = 200 };

typedef struct { _Atomic long position; char message[MESSAGE]; char padding[56]; } Place;
typedef struct { _Atomic long tail; char a[120]; _Atomic long head; char b[120]; Place places[PLACES]; } Ring;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static int offer(Ring *ring, const char *message) {
    for (;;) {
        long tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
        Place *place = ring->places + (tail & (PLACES - 1));
        long difference = atomic_load_explicit(&place->position, memory_order_acquire) - tail;
        if (difference < 0) return 0;
        if (!difference && atomic_compare_exchange_weak(&ring->tail, &tail, tail + 1)) {
            memcpy(place->message, message, MESSAGE);
            atomic_store_explicit(&place->position, tail + 1, memory_order_release);
            return 1;
        }
    }
}

static int poll(Ring *ring, char *message) {
    for (;;) {
        long head = atomic_load_explicit(&ring->head, memory_order_relaxed);
        Place *place = ring->places + (head & (PLACES - 1));
        long difference = atomic_load_explicit(&place->position, memory_order_acquire) - (head + 1);
        if (difference < 0) return 0;
        if (!difference && atomic_compare_exchange_weak(&ring->head, &head, head + 1)) {
            memcpy(message, place->message, MESSAGE);
            atomic_store_explicit(&place->position, head + PLACES, memory_order_release);
            return 1;
        }
    }
}

static int pause_a_little(int spins) {
    if (spins < SPINS) { __builtin_ia32_pause(); return spins + 1; }
    sched_yield();
    return 0;
}

static int ascending(const void *a, const void *b) {
    double d = *(const double *) a - *(const double *) b;
    return d < 0 ? -1 : d > 0;
}

typedef struct { _Atomic int count; _Atomic double put; } Word;

static void wakes(void) {
    static double times[WAKES];
    Word *word = mmap(0, sizeof(Word), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (!fork()) {
        for (int i = 0; i < WAKES; i++) {
            while (word->count == i) syscall(SYS_futex, &word->count, FUTEX_WAIT, i, 0, 0, 0);
            times[i] = now() - word->put;
        }
        qsort(times, WAKES, sizeof(double), ascending);
        printf("C     a process that sleeps on a futex is awake after: p50 %.1f us, p99 %.1f us\n", times[WAKES / 2] * 1e6,
               times[WAKES * 99 / 100] * 1e6);
        fflush(stdout);
        _exit(0);
    }
    for (int i = 0; i < WAKES; i++) {
        double start = now();
        while (now() - start < PAUSE_MICROS / 1e6) __builtin_ia32_pause();
        word->put = now();
        word->count = i + 1;
        syscall(SYS_futex, &word->count, FUTEX_WAKE, INT_MAX, 0, 0, 0);
    }
    wait(0);
}

int main(void) {
    Ring *ring = mmap(0, sizeof(Ring), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    for (long i = 0; i < PLACES; i++) ring->places[i].position = i;
    double rates[ROUNDS];
    for (int r = 0; r < ROUNDS; r++) {
        char message[MESSAGE] = {0};
        int spins = 0, child = fork();
        if (!child) {
            for (int i = 0; i < MESSAGES;) if (poll(ring, message)) { i++; spins = 0; } else spins = pause_a_little(spins);
            _exit(0);
        }
        double start = now();
        for (int i = 0; i < MESSAGES;) if (offer(ring, message)) { i++; spins = 0; } else spins = pause_a_little(spins);
        waitpid(child, 0, 0);
        rates[r] = MESSAGES / (now() - start) / 1e6;
    }
    qsort(rates, ROUNDS, sizeof(double), ascending);
    printf("C     ring, 64 bytes, not crash-safe, two processes  %6.2f M/s\n", rates[ROUNDS / 2]);
    fflush(stdout);
    wakes();
}
