#define _DEFAULT_SOURCE
/* A node in C: opens a node of a relay, waits for a model and answers rows from standard input, one a line: numbers and categories, separated by
 * commas, in the order of the model's inputs; an empty field is a missing value.
 *
 *   cc score.c $(pkg-config --cflags --libs relaysync) -o score
 *   ./score https://relay:60002 root.json ca.pem MODEL < rows.csv
 */
#include <math.h>
#include <relaysync.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_INPUTS = 1024, MAX_CLASSES = 256, WAIT_MS = 60000 };

/* Ends the program with the library's own text, which says what to do. */
static void check(relaysync_status status, const char *what) {
    if (status != RELAYSYNC_OK) {
        fprintf(stderr, "%s: error %d: %s\n", what, status, relaysync_last_error());
        exit(1);
    }
}

static void print_log(void *context, int32_t level, const char *node, const char *message) {
    fprintf(context, "%s: %s%s\n", node, level >= RELAYSYNC_LOG_WARNING ? "WARNING: " : "", message);
}

/* A row that cannot be read has no answer: it is not one of missing values. */
static void refuse(const char *why, const char *field) {
    fprintf(stderr, "a line %s%s\n", why, field);
    exit(1);
}

/* Fills the row from a line; the schema says which field is a number. */
static void read_row(char *line, const relaysync_schema *schema, float *numbers, const char **categories) {
    size_t number = 0, category = 0;
    line[strcspn(line, "\r\n")] = 0;
    for (size_t i = 0; i < schema->input_count; i++) {
        char *field = strsep(&line, ","), *end = field;
        if (!field) {
            refuse("has too few fields for the model", "");
        }

        if (schema->inputs[i].type == RELAYSYNC_CATEGORY) {
            categories[category++] = field;
            continue;
        }

        numbers[number++] = *field ? strtof(field, &end) : NAN;
        if (*end) {
            refuse("has what is no number: ", field);
        }
    }

    if (line) {
        refuse("has too many fields for the model", "");
    }
}

int main(int argc, char **argv) {
    if (argc < 5) {
        fprintf(stderr, "usage: score RELAY ROOT CA MODEL [OPTION VALUE ...] < rows.csv\n");
        return 2;
    }

    relaysync_option options[32] = {{"relay", argv[1]}, {"root", argv[2]}, {"ca", argv[3]}, {"model", argv[4]}};
    size_t count = 4;
    for (int i = 5; i + 1 < argc && count < 32; i += 2) {
        options[count++] = (relaysync_option){argv[i], argv[i + 1]};
    }

    relaysync_node node;
    relaysync_model model;
    check(relaysync_set_log(print_log, stderr, RELAYSYNC_LOG_INFORMATION), "log");
    check(relaysync_open(options, count, &node), "open");
    check(relaysync_start(node), "start");
    check(relaysync_wait_ready(node, WAIT_MS), "wait");
    check(relaysync_model_find(node, argv[4], &model), "model");

    static char line[65536];
    static float numbers[MAX_INPUTS], probabilities[MAX_CLASSES];
    static const char *categories[MAX_INPUTS];
    while (fgets(line, sizeof line, stdin)) {
        relaysync_schema schema;
        relaysync_prediction answer;
        check(relaysync_model_schema(model, &schema, sizeof schema), "schema");
        if (schema.input_count > MAX_INPUTS || schema.class_count > MAX_CLASSES) {
            fprintf(stderr, "the model is too large for this sample\n");
            return 1;
        }

        read_row(line, &schema, numbers, categories);
        check(relaysync_predict(model, numbers, schema.number_count, categories, schema.category_count, &answer, probabilities, MAX_CLASSES),
              "predict");
        printf("%s %.9g version %d %s\n", answer.label, answer.probability, answer.version, answer.sha256);
    }

    check(relaysync_close(node), "close");
    check(relaysync_set_log(NULL, NULL, 0), "log");
    return 0;
}
