/* replay.c - gives a fuzz target its corpus and small spoilings of it, without a fuzzing compiler.
**
** X_fuzz [FILE...]   Without files: every file of t/corpus/X, below the current folder.  Each is given
** whole, then cut short, with bytes flipped and with pieces doubled, always in the same way, so that a
** finding repeats.  Prints one TAP line.  A crash names the input, which is left in the build folder. */
#include "base/base.h"
#include <dirent.h>
#include <signal.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum {
    INPUT_BYTES_MAX = 4 << 20,
    SPOILED_BYTES_MAX = 64 << 10, /* larger inputs are given whole only: the check stays short */
    SPOILINGS = 60,
};

static char input_name[1100];
static const u8 *input;
static size_t input_n;
static i64 inputs_given;

/* Only calls that are safe in a signal handler. */
static void on_crash(int sig) {
    static const char said[] = "# the input is in crash-input; it came from ";
    ssize_t unused = write(1, said, sizeof said - 1);
    unused = write(1, input_name, strlen(input_name));
    unused = write(1, "\n", 1);
    (void)unused;
    signal(sig, SIG_DFL);
    raise(sig);
}

static void keep(const u8 *p, size_t n) {
    const char *build = getenv("HEED_BUILD");
    char path[1100];
    snprintf(path, sizeof path, "%s/crash-input", build ? build : ".");
    FILE *f = fopen(path, "wb");
    if (!f) return;
    fwrite(p, 1, n, f);
    fclose(f);
}

static void on_crash_keep(int sig) {
    keep(input, input_n); /* not signal-safe, but the process is lost already */
    on_crash(sig);
}

/* The target gets exactly n bytes on the heap, so that a read past them is seen by asan. */
static void give(const u8 *p, size_t n) {
    u8 *exact = malloc(n ? n : 1);
    if (!exact) abort();
    memcpy(exact, p, n);
    input = exact;
    input_n = n;
    LLVMFuzzerTestOneInput(exact, n);
    free(exact);
    inputs_given++;
}

static u64 chance(u64 *seed) { /* splitmix64 */
    u64 z = *seed += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static void spoil(const u8 *p, size_t n, u64 seed) {
    u8 *copy = malloc(n * 2 + 1);
    if (!copy) abort();
    for (int i = 0; i < SPOILINGS; i++) {
        size_t m = n, at = n ? chance(&seed) % n : 0;
        memcpy(copy, p, n);
        switch (i % 4) {
        case 0:
            m = at;
            break;
        case 1:
            copy[at] ^= (u8)(1u << chance(&seed) % 8);
            break;
        case 2:
            copy[at] = (u8) "\0\xff\"',;\n\r{[\\<&"[chance(&seed) % 13];
            break;
        case 3:
            memcpy(copy + n, p + at, n - at), m = n + (n - at);
            break;
        }
        give(copy, m);
    }
    free(copy);
}

static bool replay_file(const char *path) {
    FILE *f = fopen(path, "rb");
    if (!f) return false;
    u8 *p = malloc(INPUT_BYTES_MAX);
    if (!p) abort();
    size_t n = fread(p, 1, INPUT_BYTES_MAX, f);
    fclose(f);
    snprintf(input_name, sizeof input_name, "%s", path);
    give(p, n);
    if (n && n <= SPOILED_BYTES_MAX) spoil(p, n, n);
    free(p);
    return true;
}

static int replay_folder(const char *dir) {
    int n = 0;
    DIR *d = opendir(dir);
    if (!d) return 0;
    for (struct dirent *f; (f = readdir(d)) != NULL;) {
        char path[1100];
        if (f->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", dir, f->d_name);
        n += replay_file(path);
    }
    closedir(d);
    return n;
}

int main(int argc, char **argv) {
    const char *slash = strrchr(argv[0], '/'), *name = slash ? slash + 1 : argv[0];
    char dir[400];
    snprintf(dir, sizeof dir, "t/corpus/%.*s", (int)(strlen(name) - strlen("_fuzz")), name);
    signal(SIGSEGV, on_crash_keep);
    signal(SIGABRT, on_crash_keep);
    int seeds = 0;
    for (int i = 1; i < argc; i++)
        seeds += replay_file(argv[i]);
    if (argc == 1) seeds = replay_folder(dir);
    give((const u8 *)"", 0);
    if (!seeds) printf("# %s has no inputs\n", dir);
    printf("%s - %s replayed %d inputs and %" PRId64 " spoiled ones\n", seeds ? "ok" : "not ok",
           name, seeds, inputs_given - seeds);
    return seeds == 0;
}
