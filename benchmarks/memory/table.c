/* The rows of dev.muster.memory.Table in C: the same buckets, chains, versions, two places for values and the same steps
   (docs/protocol/memory.md), so that the difference to Java is that of the language. It knows at compile time what Java
   reads from the declaration: the length of a key, the columns, and so how many bytes a row has. It does not look
   after its memory, takes no row away and mends nothing after the dead.
   Prints millions of operations a second, one process and two. cc -O2 -o table table.c && ./table ROWS
   `table ROWS FILE` works on a table of Muster's with these columns instead, in the same memory and therefore with the same
   misses, and takes orders: for each line with a number (0 get, 1 set, 2 get int64) one round. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KEY = 16, TEXT = 256, TEXT_USED = 200, ROUNDS = 7, WARMUP = 1, ROUND_MILLIS = 200, STRIDE = 1000 };

typedef struct { _Atomic int64_t owner; _Atomic int32_t version; _Atomic int32_t head; } Bucket;
typedef struct { int64_t n; int32_t length; char text[TEXT + 4]; } Values;
typedef struct {
    _Atomic int64_t version; int64_t hash; _Atomic int32_t next; int32_t key_length; char key[KEY]; Values values[2];
} __attribute__((aligned(64))) Row;

static Bucket *buckets;
static Row *rows;
static char (*keys)[KEY];
static int row_count, bucket_mask;
static volatile uint64_t seed_in_memory = 0x9E3779B97F4A7C15ULL;
static uint64_t seed;
static int64_t self;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static uint64_t mix(uint64_t v) { v *= 0xFF51AFD7ED558CCDULL; return v ^ v >> 32; }

static uint64_t hash(const char *key) {
    uint64_t word, h = seed ^ KEY * 0xFF51AFD7ED558CCDULL;
    for (int i = 0; i < KEY; i += 8) { memcpy(&word, key + i, 8); h = mix(h ^ word); }
    return mix(h);
}

/* With the version under which the row had the key. */
static Row *find(const char *key, uint64_t h, int64_t *version) {
    Bucket *bucket = buckets + (h & bucket_mask);
    for (;;) {
        int before = atomic_load_explicit(&bucket->version, memory_order_acquire);
        int i = atomic_load_explicit(&bucket->head, memory_order_acquire);
        for (int steps = 0; i && steps <= row_count; steps++) {
            Row *row = rows + i - 1;
            *version = atomic_load_explicit(&row->version, memory_order_acquire);
            if (*version & 2 && row->hash == (int64_t) h && row->key_length == KEY && !memcmp(row->key, key, KEY)) return row;
            i = atomic_load_explicit(&row->next, memory_order_acquire);
        }
        if (atomic_load_explicit(&bucket->version, memory_order_acquire) == before) return 0;
    }
}

static int unchanged(Row *row, int64_t version) {
    atomic_thread_fence(memory_order_acquire);
    return atomic_load_explicit(&row->version, memory_order_relaxed) == version;
}

static int get(const char *key, Values *out) {
    uint64_t h = hash(key);
    int64_t version;
    Row *row;
    while ((row = find(key, h, &version))) {
        memcpy(out, &row->values[version & 1], sizeof *out);
        if (unchanged(row, version)) return 1;
    }
    return 0;
}

static int64_t get_n(const char *key) {
    uint64_t h = hash(key);
    int64_t version;
    Row *row;
    while ((row = find(key, h, &version))) {
        int64_t n = row->values[version & 1].n;
        if (unchanged(row, version)) return n;
    }
    return 0;
}

static void lock(Bucket *bucket) {
    int64_t nobody;
    do nobody = 0;
    while (atomic_load_explicit(&bucket->owner, memory_order_acquire)
           || !atomic_compare_exchange_strong(&bucket->owner, &nobody, self));
}

static void set(const char *key, const Values *in) {
    static int used;
    uint64_t h = hash(key);
    int64_t version;
    Bucket *bucket = buckets + (h & bucket_mask);
    lock(bucket);
    Row *row = find(key, h, &version);
    if (!row) {
        row = rows + used++;
        version = 1;
        row->hash = h;
        row->key_length = KEY;
        memcpy(row->key, key, KEY);
        atomic_store_explicit(&row->next, bucket->head, memory_order_release);
        atomic_store_explicit(&bucket->head, used, memory_order_release);
    }
    atomic_thread_fence(memory_order_release);
    memcpy(&row->values[~version & 1], in, sizeof *in);
    atomic_store_explicit(&row->version, ((version + 4) ^ 1) | 2, memory_order_release);
    atomic_store_explicit(&bucket->owner, 0, memory_order_release);
}

static unsigned step(unsigned k) { return (k * 1103515245 + 12345) & 0x7fffffff; }

static volatile int64_t sink;

static double measure(int what) {
    Values values = {0};
    values.length = TEXT_USED;
    int64_t sum = 0, done = 0;
    unsigned k = self;
    double start = now(), time;
    do {
        for (int i = 0; i < STRIDE; i++) {
            k = step(k);
            /* The lowest bits of k repeat after a few steps, and the processor would learn them. */
            const char *key = keys[(k >> 8) % row_count];
            if (what == 0) sum += get(key, &values) + values.n + values.length;
            else if (what == 1) { values.n = i; set(key, &values); }
            else sum += get_n(key);
        }
        done += STRIDE;
    } while ((time = now() - start) < ROUND_MILLIS / 1e3);
    sink = sum;
    return done / time / 1e6;
}

static int ascending(const void *a, const void *b) {
    double d = *(const double *) a - *(const double *) b;
    return d < 0 ? -1 : d > 0;
}

static size_t block(size_t n) { return (n + 127) & ~(size_t) 127; }

/* docs/protocol/memory.md: the seed at 4096, states of the rows from 4480 on, free bits, buckets, rows. */
static int open_table(const char *file, size_t bucket_count) {
    size_t buckets_at = block(block(4480 + 4 * (size_t) row_count) + ((size_t) row_count + 63) / 64 * 8);
    size_t rows_at = block(buckets_at + bucket_count * sizeof(Bucket));
    int fd = open(file, O_RDWR);
    char *table = mmap(0, rows_at + (size_t) row_count * sizeof(Row), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
    if (table == MAP_FAILED) {
        perror(file);
        return 0;
    }
    memcpy(&seed, table + 4096, sizeof seed);
    buckets = (Bucket *) (table + buckets_at);
    rows = (Row *) (table + rows_at);
    Values values;
    for (int i = 0; i < row_count; i++) {
        if (!get(keys[i], &values)) {
            fprintf(stderr, "%s has no row %.16s: is its layout another one?\n", file, keys[i]);
            return 0;
        }
    }
    return 1;
}

int main(int argc, char **argv) {
    static const char *const names[] = {"get", "set", "get int64"};
    seed = seed_in_memory;
    self = getpid();
    row_count = argc > 1 ? atoi(argv[1]) : 1024;
    int bucket_count = 1;
    while (bucket_count * 2L <= (row_count - 1) * 3L) bucket_count *= 2;
    bucket_mask = bucket_count - 1;
    keys = malloc((size_t) row_count * KEY);
    for (int i = 0; i < row_count; i++) {
        char text[KEY + 1];
        snprintf(text, sizeof text, "user:%011d", i);
        memcpy(keys[i], text, KEY);
    }
    if (argc > 2) {
        if (!open_table(argv[2], bucket_count)) return 1;
        for (int what; scanf("%d", &what) == 1; fflush(stdout)) printf("%.4f\n", measure(what));
        return 0;
    }
    int shared = MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE;
    buckets = mmap(0, bucket_count * sizeof(Bucket), PROT_READ | PROT_WRITE, shared, -1, 0);
    rows = mmap(0, (size_t) row_count * sizeof(Row), PROT_READ | PROT_WRITE, shared, -1, 0);
    Values values = {0};
    for (int i = 0; i < row_count; i++) set(keys[i], &values);
    double alone[3][ROUNDS], both[3][ROUNDS];
    for (int what = 0; what < 3; what++) {
        for (int r = -WARMUP; r < ROUNDS; r++) alone[what][r < 0 ? 0 : r] = measure(what);
        for (int r = 0; r < ROUNDS; r++) {
            int pipes[2];
            double child;
            if (pipe(pipes)) return 1;
            if (!fork()) {
                self = getpid();
                child = measure(what);
                if (write(pipes[1], &child, sizeof child) < 0) _exit(1);
                _exit(0);
            }
            double own = measure(what);
            if (read(pipes[0], &child, sizeof child) < 0) return 1;
            wait(0);
            close(pipes[0]);
            close(pipes[1]);
            both[what][r] = own + child;
        }
        qsort(alone[what], ROUNDS, sizeof(double), ascending);
        qsort(both[what], ROUNDS, sizeof(double), ascending);
        printf("C     %8d rows  %-9s  %6.2f M/s  two processes %6.2f M/s\n", row_count, names[what],
               alone[what][ROUNDS / 2], both[what][ROUNDS / 2]);
    }
}
