#define _DEFAULT_SOURCE
/* Eight threads call a model while its releases change, and hold every answer against the version that it names: files of all versions are
 * loaded beside the node. Another thread sets and unsets the log callback meanwhile. Then a fork, allocations, and the end of the node under load.
 * Prints what it counted; the test reads it.
 *
 *   stress LAST_VERSION FILE... -- OPTION VALUE ...
 */
#include <pthread.h>
#include <relaysync.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 8, ROWS = 64, WIDTH = 4, CLASSES = 3, MAX_VERSIONS = 64, COUNTED_CALLS = 100000 };

_Static_assert(sizeof(relaysync_option) == 16, "");
_Static_assert(sizeof(relaysync_input) == 16, "");
_Static_assert(sizeof(relaysync_schema) == 96, "");
_Static_assert(sizeof(relaysync_prediction) == 32, "");
_Static_assert(sizeof(relaysync_score) == 32, "");
_Static_assert(sizeof(relaysync_value) == 16, "");
_Static_assert(sizeof(relaysync_transformation) == 16, "");
_Static_assert(sizeof(relaysync_explanation) == 40, "");

static float rows[ROWS][WIDTH];
static float expected[MAX_VERSIONS][ROWS][CLASSES];
static relaysync_model model;
static atomic_long calls, wrong, failed, refused;
static atomic_int closing, listening, logged, late;

static void check(relaysync_status status, const char *what) {
    if (status != RELAYSYNC_OK) {
        fprintf(stderr, "%s: %d: %s\n", what, status, relaysync_last_error());
        exit(1);
    }
}

static void *ask(void *seen) {
    long mine = 0;
    for (int row = 0;; row = (row + 1) % ROWS, mine++) {
        relaysync_prediction answer;
        float probabilities[CLASSES];
        relaysync_status status = relaysync_predict(model, rows[row], WIDTH, NULL, 0, &answer, probabilities, CLASSES);
        if (status == RELAYSYNC_OK) {
            ((char *)seen)[answer.version] = 1;
            if (memcmp(probabilities, expected[answer.version][row], sizeof probabilities) != 0) {
                atomic_fetch_add(&wrong, 1);
            }
        } else if (atomic_load(&closing) && (status == RELAYSYNC_INVALID_HANDLE || status == RELAYSYNC_NOT_READY)) {
            atomic_fetch_add(&refused, 1);
            break;
        } else {
            atomic_fetch_add(&failed, 1);
        }
    }

    atomic_fetch_add(&calls, mine);
    return NULL;
}

/* Counts messages, and those that come though the callback is not set. */
static void count_log(void *context, int32_t level, const char *node, const char *message) {
    atomic_fetch_add(&logged, level >= RELAYSYNC_LOG_DEBUG && *node && *message);
    atomic_fetch_add(&late, !atomic_load((atomic_int *)context));
}

static void *listen_in_turns(void *unused) {
    while (!atomic_load(&closing)) {
        atomic_store(&listening, 1);
        check(relaysync_set_log(count_log, &listening, RELAYSYNC_LOG_DEBUG), "log");
        usleep(2000);
        check(relaysync_set_log(NULL, NULL, 0), "no log");
        atomic_store(&listening, 0);
    }

    return unused;
}

/* What a child of a fork gets. */
static int fork_status(void) {
    pid_t child = fork();
    if (child == 0) {
        relaysync_prediction answer;
        _exit(relaysync_predict(model, rows[0], WIDTH, NULL, 0, &answer, NULL, 0));
    }

    int status;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int main(int argc, char **argv) {
    int last = atoi(argv[1]), next = 2;
    for (int i = 0; i < ROWS * WIDTH; i++) {
        rows[i / WIDTH][i % WIDTH] = (float)(i * 37 % 101) / 101;
    }

    for (int version = 1; strcmp(argv[next], "--") != 0; version++, next++) {
        relaysync_model file;
        relaysync_prediction answer;
        check(relaysync_model_load_unverified_file(argv[next], NULL, &file), argv[next]);
        for (int row = 0; row < ROWS; row++) {
            check(relaysync_predict(file, rows[row], WIDTH, NULL, 0, &answer, expected[version][row], CLASSES), "file");
        }
        check(relaysync_model_close(file), "close file");
        if (relaysync_predict(file, rows[0], WIDTH, NULL, 0, &answer, NULL, 0) != RELAYSYNC_INVALID_HANDLE) {
            fprintf(stderr, "a closed model answered\n");
            return 1;
        }
    }

    relaysync_option options[32];
    int count = 0;
    for (next++; next + 1 < argc; next += 2) {
        options[count++] = (relaysync_option){argv[next], argv[next + 1]};
    }

    relaysync_node node;
    check(relaysync_open(options, count, &node), "open");
    check(relaysync_refresh(node, 60000, NULL), "refresh");
    check(relaysync_model_find(node, "threat-classifier", &model), "model");
    printf("ready\n");
    fflush(stdout);

    pthread_t threads[THREADS], listener;
    pthread_create(&listener, NULL, listen_in_turns, NULL);
    char seen[THREADS][MAX_VERSIONS] = {{0}};
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, ask, seen[i]);
    }

    relaysync_schema schema;
    do {
        check(relaysync_refresh(node, 60000, NULL), "refresh");
        check(relaysync_model_schema(model, &schema, sizeof schema), "schema");
    } while (schema.version < last);

    int forked = fork_status();
    relaysync_prediction answer;
    float probabilities[CLASSES];
    for (int i = 0; i < 1000; i++) {
        check(relaysync_predict(model, rows[i % ROWS], WIDTH, NULL, 0, &answer, probabilities, CLASSES), "predict");
    }
    uint64_t before = relaysync_allocated_bytes();
    for (int i = 0; i < COUNTED_CALLS; i++) {
        relaysync_predict(model, rows[i % ROWS], WIDTH, NULL, 0, &answer, probabilities, CLASSES);
    }
    uint64_t allocated = relaysync_allocated_bytes() - before;

    atomic_store(&closing, 1);
    check(relaysync_close(node), "close");
    int versions = 0;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    pthread_join(listener, NULL);
    for (int version = 1; version < MAX_VERSIONS; version++) {
        int any = 0;
        for (int i = 0; i < THREADS; i++) {
            any |= seen[i][version];
        }
        versions += any;
    }

    printf("calls %ld wrong %ld failed %ld refused %ld versions %d forked %d allocated %llu logged %d late %d\n", atomic_load(&calls),
           atomic_load(&wrong), atomic_load(&failed), atomic_load(&refused), versions, forked, (unsigned long long)allocated,
           atomic_load(&logged), atomic_load(&late));
    return 0;
}
