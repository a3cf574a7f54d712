/* Nanoseconds of one row on one and on two threads: librelaysync, and LightGBM's single-row fast call on a model of the same shape, in turns.
 *
 *   one_row MODEL.onnx LIB_LIGHTGBM FEATURES CLASSES TREES LEAVES
 *
 * Prints for each number of threads: threads, ours, LightGBM's. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <relaysync.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROWS = 4096, ROUNDS = 9, CALLS = 100000, TRAINING_ROWS = 20000, MAX_CLASSES = 64, MAX_THREADS = 2 };

typedef struct {
    int (*create_dataset)(const void *, int, int32_t, int32_t, int, const char *, void *, void **);
    int (*set_field)(void *, const char *, const void *, int, int);
    int (*create_booster)(void *, const char *, void **);
    int (*update)(void *, int *);
    int (*init_fast)(void *, int, int, int, int, int32_t, const char *, void **);
    int (*predict_fast)(void *, const void *, int64_t *, double *);
    const char *(*last_error)(void);
} lightgbm;

static lightgbm gbm;
static relaysync_model ours;
static void *booster;
static float *rows;
static int features, classes;
static char parameters[512];

static void fail(const char *what, const char *why) {
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

static void check(int result, const char *what) {
    if (result != 0) fail(what, gbm.last_error());
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

static float *random_rows(int count, uint64_t seed) {
    float *made = malloc(sizeof(float) * count * features);
    for (int i = 0; i < count * features; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        made[i] = (float)(seed >> 40) / (1 << 24);
    }
    return made;
}

static void train(int trees, int leaves) {
    float *samples = random_rows(TRAINING_ROWS, 1), labels[TRAINING_ROWS];
    for (int i = 0; i < TRAINING_ROWS; i++) labels[i] = (float)((int)(samples[i * features] * 97 + samples[i * features + 1] * 31) % classes);
    snprintf(parameters, sizeof parameters, "objective=multiclass num_class=%d num_leaves=%d min_data_in_leaf=1 num_threads=1 verbosity=-1", classes,
             leaves);
    void *dataset;
    int finished = 0;
    check(gbm.create_dataset(samples, 0, TRAINING_ROWS, features, 1, parameters, NULL, &dataset), "dataset");
    check(gbm.set_field(dataset, "label", labels, TRAINING_ROWS, 0), "labels");
    check(gbm.create_booster(dataset, parameters, &booster), "booster");
    for (int round = 0; round < trees / classes && !finished; round++) check(gbm.update(booster, &finished), "update");
    free(samples);
}

static void *run_ours(void *time) {
    float probabilities[MAX_CLASSES];
    relaysync_prediction answer;
    double start = now();
    for (int i = 0; i < CALLS; i++) {
        if (relaysync_predict(ours, rows + (size_t)(i % ROWS) * features, features, NULL, 0, &answer, probabilities, MAX_CLASSES) != RELAYSYNC_OK) {
            fail("predict", relaysync_last_error());
        }
    }
    *(double *)time = (now() - start) / CALLS;
    return NULL;
}

static void *run_lightgbm(void *time) {
    double probabilities[MAX_CLASSES];
    int64_t length;
    void *fast;
    check(gbm.init_fast(booster, 0, 0, -1, 0, features, parameters, &fast), "fast");
    double start = now();
    for (int i = 0; i < CALLS; i++) check(gbm.predict_fast(fast, rows + (size_t)(i % ROWS) * features, &length, probabilities), "predict");
    *(double *)time = (now() - start) / CALLS;
    return NULL;
}

/* Nanoseconds between answers of all threads together. */
static double measure(void *(*run)(void *), int threads) {
    pthread_t started[MAX_THREADS];
    double times[MAX_THREADS], per_second = 0;
    for (int i = 0; i < threads; i++) pthread_create(&started[i], NULL, run, &times[i]);
    for (int i = 0; i < threads; i++) pthread_join(started[i], NULL);
    for (int i = 0; i < threads; i++) per_second += 1 / times[i];
    return 1 / per_second;
}

static int compare(const void *a, const void *b) { return (*(double *)a > *(double *)b) - (*(double *)a < *(double *)b); }

#define LOAD(member, name) \
    if (!(*(void **)&gbm.member = dlsym(library, name))) fail(name, "is not in LightGBM's library")

int main(int argc, char **argv) {
    if (argc != 7) fail("usage", "one_row MODEL LIB_LIGHTGBM FEATURES CLASSES TREES LEAVES");
    features = atoi(argv[3]), classes = atoi(argv[4]);
    if (relaysync_model_load_unverified_file(argv[1], NULL, &ours) != RELAYSYNC_OK) fail(argv[1], relaysync_last_error());
    void *library = dlopen(argv[2], RTLD_NOW);
    if (!library) fail(argv[2], dlerror());
    LOAD(create_dataset, "LGBM_DatasetCreateFromMat");
    LOAD(set_field, "LGBM_DatasetSetField");
    LOAD(create_booster, "LGBM_BoosterCreate");
    LOAD(update, "LGBM_BoosterUpdateOneIter");
    LOAD(init_fast, "LGBM_BoosterPredictForMatSingleRowFastInit");
    LOAD(predict_fast, "LGBM_BoosterPredictForMatSingleRowFast");
    LOAD(last_error, "LGBM_GetLastError");
    rows = random_rows(ROWS, 2);
    train(atoi(argv[5]), atoi(argv[6]));
    for (int threads = 1; threads <= MAX_THREADS; threads++) {
        double own[ROUNDS], peer[ROUNDS];
        measure(run_ours, threads);
        measure(run_lightgbm, threads);
        for (int round = 0; round < ROUNDS; round++) {
            own[round] = measure(run_ours, threads);
            peer[round] = measure(run_lightgbm, threads);
        }
        qsort(own, ROUNDS, sizeof *own, compare);
        qsort(peer, ROUNDS, sizeof *peer, compare);
        printf("%d %.1f %.1f\n", threads, own[ROUNDS / 2], peer[ROUNDS / 2]);
    }
    return 0;
}
