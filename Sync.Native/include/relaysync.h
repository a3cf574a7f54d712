/* relaysync.h: a node of Relay for C, and for every language that calls C.
 *
 * A node downloads models from a relay, verifies them (TUF metadata, signatures, golden vectors) by the code of the .NET client, swaps them
 * while calls run, and keeps the last good release on disk. Link with: pkg-config --cflags --libs relaysync
 *
 * Status.   Every function that can fail returns a relaysync_status; 0 is success. relaysync_last_error() has the reason in words, which also
 *           says what to do. Outputs are written on success only, unless a function says otherwise. A wrong argument never gives an answer.
 * Text.     UTF-8, ended by a NUL, in both directions. Text that a structure points to stays valid, unchanged, until the process ends.
 *           The one text that the caller frees is that of relaysync_status_json: with relaysync_free. The one text that is gone when a call
 *           returns is the message of a log callback.
 * Threads.  Any thread may call any function at any time, also those of one node. A call of a model takes no lock and waits for no other thread.
 * Handles.  Numbers, never addresses. A handle that was closed, or was never given, is refused with RELAYSYNC_INVALID_HANDLE, whatever other
 *           threads do; no number is given twice.
 * Numbers.  Inputs are 32-bit floats in the order of the schema's number inputs; NaN is a missing value. Categories are texts in the order of
 *           its category inputs; a NULL or an empty text is a missing value.
 * Fork.     The child of a fork cannot use what its parent opened: each call is refused with RELAYSYNC_FORKED. Fork before the first call, or
 *           start a new program in the child. The library cannot be unloaded.
 */
#ifndef RELAYSYNC_H
#define RELAYSYNC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this interface: the number in the name of the library, librelaysync.so.1. */
#define RELAYSYNC_INTERFACE 1

typedef int32_t relaysync_status;

enum {
    RELAYSYNC_OK = 0,
    RELAYSYNC_INVALID_ARGUMENT = 1, /* a NULL that is needed, an option that does not exist, text that is not UTF-8 */
    RELAYSYNC_INVALID_HANDLE = 2,   /* the handle was closed, or never given, or is that of something else */
    RELAYSYNC_NOT_READY = 3,        /* no version is active: none was synced yet, and the store holds none that verifies */
    RELAYSYNC_WRONG_TASK = 4,       /* the model is for another task; the error text names the function to call */
    RELAYSYNC_WRONG_WIDTH = 5,      /* the row has more or fewer numbers than the model has number inputs */
    RELAYSYNC_WRONG_TYPE = 6,       /* the row lacks the model's categories, or has some where the model has none */
    RELAYSYNC_MISSING_VALUE = 7,    /* a value is missing that the model's spec requires */
    RELAYSYNC_WRONG_OUTPUT = 8,     /* the memory for the answer is too small */
    RELAYSYNC_NOT_EXPLAINABLE = 9,  /* the option "explanations" is off, or the model is not one tree ensemble over its inputs */
    RELAYSYNC_SCORER_FAILED = 10,   /* the model gave no number for this row */
    RELAYSYNC_REFUSED = 11,         /* a release or a file was refused; what was active stays active */
    RELAYSYNC_TIMED_OUT = 12,       /* the time was up first */
    RELAYSYNC_FILE_UNREADABLE = 13, /* a file cannot be opened or read */
    RELAYSYNC_FORKED = 14,          /* this process is the child of a fork of the one that opened the node or model */
    RELAYSYNC_INTERNAL_ERROR = 15   /* a fault of the library: please report it with the error text */
};

/* ---- The library ---------------------------------------------------------------------------------------------------------------------- */

/* The version of the library, such as "0.1.0". */
const char *relaysync_library_version(void);

/* Why the last call of this thread that failed did so; "" before the first. Valid until the next call of this thread that fails, and until
 * the thread ends. */
const char *relaysync_last_error(void);

/* Frees what relaysync_status_json gave; NULL is ignored. */
void relaysync_free(void *memory);

/* Bytes of managed memory that this thread has allocated in the library so far: the same before and after calls of a model that allocate
 * nothing. */
uint64_t relaysync_allocated_bytes(void);

/* Levels of the log. */
enum { RELAYSYNC_LOG_DEBUG = 1, RELAYSYNC_LOG_INFORMATION = 2, RELAYSYNC_LOG_WARNING = 3, RELAYSYNC_LOG_ERROR = 4 };

/* Receives one message of the log.
 * context   what relaysync_set_log got
 * level     RELAYSYNC_LOG_DEBUG ...
 * node      name of the node that logs: its option "node"
 * message   one line without control characters; valid until the callback returns
 * Messages come one at a time and in order, on a thread of the library that does nothing else: no call of the library waits for the callback, so
 * that it may take locks of the program and call any function. It returns by itself: neither by an exception nor by longjmp. */
typedef void (*relaysync_log_callback)(void *context, int32_t level, const char *node, const char *message);

/* Passes the log of all nodes of this process on to a callback, in place of the one before.
 * callback    NULL for none; context is passed to it as it is
 * min_level   lowest level that is passed on
 * Returns once the callback before has received all that was logged for it, and has returned: then it is never called again, and its context may
 * be freed. So do not hold a lock that the callback takes. A callback that calls this function is not called again once it has returned.
 * Set NULL before the process ends, or before what the callback uses is gone. A callback that is too slow loses messages once 1,024 wait; a
 * message says how many. Since version 1.1. */
relaysync_status relaysync_set_log(relaysync_log_callback callback, void *context, int32_t min_level);

/* ---- Nodes ---------------------------------------------------------------------------------------------------------------------------- */

/* A node; 0 is none. */
typedef uint64_t relaysync_node;

/* One option of relaysync_open. Options marked * may be repeated.
 *
 *   relay                     address of the relay, https only; needed unless there are mirrors or the node is air-gapped
 *   root                      path of the root.json file from the relay's operator: needed, all trust starts from it
 *   ca                        path of PEM certificates to which the TLS certificates of relay and mirrors must chain; default: the system's trust
 *   proxy                     address of the proxy on the way there, such as http://proxy:3128; default: the one that HTTPS_PROXY names
 *   store                     folder of this node's store, for one process at a time; default: relay-store in the working folder
 *   model *                   name of a model to run; at least one
 *   channel                   channel to follow; default: stable
 *   node                      the node's name in check-ins; default: the name of the machine
 *   enroll-token-file         path of a file with the enrollment token from the relay's operator
 *   mirror *                  address of a mirror, https only
 *   redirect-host *           host to which the relay may send this node for artifacts
 *   air-gapped                "true" for a node without network: releases arrive by relaysync_import; default: false
 *   poll-seconds              mean time between polls in the background, in seconds; default: 30
 *   push                      "false" to poll only, without the relay's event stream; default: true
 *   maintenance-window        when a new release may become active, such as "Mon-Fri 22:00-04:00 Europe/Berlin"; default: always
 *   require *                 gate that a version must have passed by its signed test result
 *   explanations              "true" to allow relaysync_explain; costs memory; default: false
 *   retries                   attempts after the first of a request, 0 to 10; default: 2
 *   try-out-latency-seconds   maximum time of the median row of a model's try-out, in seconds; default: 0.05
 */
typedef struct relaysync_option {
    const char *name;
    const char *value;
} relaysync_option;

/* Opens a node: reads its options, opens its store, verifies what is there again and makes the last good release active. It sends no request.
 * Takes as long as loading the models takes.
 * Fails with RELAYSYNC_INVALID_ARGUMENT. A store that cannot be used is no failure: relaysync_status_json names it, and each update tries again. */
relaysync_status relaysync_open(const relaysync_option *options, size_t count, relaysync_node *node);

/* Updates from the relay, or from a mirror, now: downloads and verifies the release of the channel, tries it out and makes it active.
 * timeout_ms   maximum time in milliseconds; below 0: no limit
 * activated    set to 1 where another release became active, else to 0; may be NULL
 * Fails with RELAYSYNC_REFUSED (the error text says what was refused and why; what was active stays active) and RELAYSYNC_TIMED_OUT. */
relaysync_status relaysync_refresh(relaysync_node node, int32_t timeout_ms, int32_t *activated);

/* As relaysync_refresh, from a bundle, which is one file that "relay bundle export" wrote. */
relaysync_status relaysync_import(relaysync_node node, const char *bundle, int32_t *activated);

/* Pins the node to one release, until relaysync_follow or until that release is revoked: it is verified and tried out like any other. Where the
 * relay is offline, the store is used. A pin or a hold survives a restart, and relaysync_status_json shows it as "steering".
 * release      its number, from 1
 * timeout_ms, activated   as those of relaysync_refresh
 * Fails with RELAYSYNC_REFUSED where the node does not run the release; what was active, and how the node chooses its release, stays. Since
 * version 1.1. */
relaysync_status relaysync_pin(relaysync_node node, int32_t release, int32_t timeout_ms, int32_t *activated);

/* Holds the active release until relaysync_follow: no other becomes active, unless the held one is revoked. Arguments as those of relaysync_refresh.
 * Fails with RELAYSYNC_REFUSED where the store cannot keep the hold. An update that belongs to it and was refused, or found no relay, is no failure:
 * relaysync_status_json names it. Since version 1.1. */
relaysync_status relaysync_hold(relaysync_node node, int32_t timeout_ms, int32_t *activated);

/* Ends a pin or a hold, and updates to the release of the channel. Arguments and errors as those of relaysync_hold. Since version 1.1. */
relaysync_status relaysync_follow(relaysync_node node, int32_t timeout_ms, int32_t *activated);

/* Updates in the background from now on, by polls and by the relay's event stream, on threads of the library. A node that does so already
 * goes on. Fails with RELAYSYNC_INVALID_ARGUMENT for a node that is air-gapped. */
relaysync_status relaysync_start(relaysync_node node);

/* Ends the updates in the background and waits for the one that runs; models go on. */
relaysync_status relaysync_stop(relaysync_node node);

/* Waits until a release is active: after relaysync_start, or while another thread refreshes or imports.
 * Fails with RELAYSYNC_TIMED_OUT; the error text names what was refused meanwhile. Below 0: no limit. */
relaysync_status relaysync_wait_ready(relaysync_node node, int32_t timeout_ms);

/* What the node runs, what it refused and why, as a JSON object (docs/guides/native.md lists the members). Free it with relaysync_free. */
relaysync_status relaysync_status_json(relaysync_node node, char **json);

/* Ends the updates in the background, writes what is left to the store and closes it. Calls of models that run end well; later ones are
 * refused. The handles of the node's models are closed with it. */
relaysync_status relaysync_close(relaysync_node node);

/* ---- Models --------------------------------------------------------------------------------------------------------------------------- */

/* A model; 0 is none. It stays the same while versions of it come and go. */
typedef uint64_t relaysync_model;

/* The model of that name, ready or not. The handle belongs to the node: relaysync_close closes it.
 * Fails with RELAYSYNC_INVALID_ARGUMENT where the options of the node do not name it. */
relaysync_status relaysync_model_find(relaysync_node node, const char *name, relaysync_model *model);

/* Loads an ONNX file of Relay that the caller chose. NO SIGNATURE, METADATA OR REVOCATION IS CHECKED: who can write the file decides what
 * the model answers. What is checked: that the file is whole and safe to run, and that it gives its own golden vectors.
 * sha256   64 hexadecimal digits that the SHA-256 of the file must be; NULL where any file will do
 * Fails with RELAYSYNC_REFUSED and RELAYSYNC_FILE_UNREADABLE. Close it with relaysync_model_close. */
relaysync_status relaysync_model_load_unverified_file(const char *path, const char *sha256, relaysync_model *model);

/* Closes a model that relaysync_model_load_unverified_file gave. */
relaysync_status relaysync_model_close(relaysync_model model);

enum { RELAYSYNC_NUMBER = 0, RELAYSYNC_CATEGORY = 1 };
enum { RELAYSYNC_CLASSIFICATION = 0, RELAYSYNC_REGRESSION = 1, RELAYSYNC_ANOMALY_DETECTION = 2, RELAYSYNC_SCALING = 3 };

typedef struct relaysync_input {
    const char *name;
    int32_t type;     /* RELAYSYNC_NUMBER or RELAYSYNC_CATEGORY */
    int32_t required; /* 1: a row without a value is refused */
} relaysync_input;

/* The schema of one version. */
typedef struct relaysync_schema {
    const char *name;
    const char *sha256;      /* of the file, 64 hexadecimal digits */
    const char *schema_hash; /* of the schema, 64 hexadecimal digits; "" for a file from before schemas had one */
    int32_t version;
    int32_t task;                  /* RELAYSYNC_CLASSIFICATION ... */
    const relaysync_input *inputs; /* numbers and categories of a row come in this order, each among their own */
    size_t input_count;
    size_t number_count;
    size_t category_count;
    const char *const *classes; /* probability i belongs to class i; empty for a task without labels */
    size_t class_count;
    int32_t benign;       /* index of the class that means "nothing wrong"; -1: none */
    uint32_t has_offset;  /* 1 for an anomaly detector */
    float offset;         /* a row is an anomaly where its score is below this */
    uint32_t reserved;
} relaysync_schema;

/* The schema of the active version. size is sizeof(relaysync_schema): a later library fills as much as the caller has. */
relaysync_status relaysync_model_schema(relaysync_model model, relaysync_schema *schema, size_t size);

/* ---- Answers: each names the version that gave it -------------------------------------------------------------------------------------- */

typedef struct relaysync_prediction {
    const char *label;   /* the class with the highest probability; the first of them on a tie */
    const char *sha256;  /* of the file that answered, 64 hexadecimal digits */
    int32_t version;     /* that answered, from 1 */
    int32_t label_index; /* in the schema's classes and in the probabilities */
    float probability;   /* of the label, 0 to 1 */
    int32_t is_benign;   /* 1 where the label is the benign class of the schema */
} relaysync_prediction;

/* Classifies one row.
 * numbers, number_count         one number per number input
 * categories, category_count    one text per category input; NULL and 0 for a model without
 * prediction                    receives the answer
 * probabilities                 receives one probability per class, in the order of the schema; NULL where the caller does not need them
 * probability_count             places at probabilities, at least the number of classes; 0 with NULL
 * Takes no lock. Allocates nothing, except for a category text that this thread has not passed lately. */
relaysync_status relaysync_predict(
    relaysync_model model, const float *numbers, size_t number_count, const char *const *categories, size_t category_count,
    relaysync_prediction *prediction, float *probabilities, size_t probability_count);

/* Classifies many rows by one version; the answers are those of single calls, to the bit.
 * numbers, categories    row after row; the counts are those of all rows
 * predictions            receives one answer per row
 * probabilities          receives rows times classes, row after row; may be NULL */
relaysync_status relaysync_predict_many(
    relaysync_model model, size_t rows, const float *numbers, size_t number_count, const char *const *categories, size_t category_count,
    relaysync_prediction *predictions, float *probabilities, size_t probability_count);

typedef struct relaysync_score {
    const char *label;  /* "normal" or "anomaly" */
    const char *sha256; /* of the file that answered */
    int32_t version;    /* that answered */
    float score;        /* from -1 to 0; lower means more anomalous */
    int32_t is_anomaly; /* 1 where the score is below the model's offset */
    uint32_t reserved;
} relaysync_score;

/* Scores one row with an anomaly detector. Arguments as those of relaysync_predict. */
relaysync_status relaysync_score_row(
    relaysync_model model, const float *numbers, size_t number_count, const char *const *categories, size_t category_count, relaysync_score *score);

/* Scores many rows by one version. */
relaysync_status relaysync_score_many(
    relaysync_model model, size_t rows, const float *numbers, size_t number_count, const char *const *categories, size_t category_count,
    relaysync_score *scores);

typedef struct relaysync_value {
    const char *sha256; /* of the file that answered */
    int32_t version;    /* that answered */
    float value;        /* in the unit of the label column of the training data */
} relaysync_value;

/* Predicts the value of a regression for one row. Arguments as those of relaysync_predict. */
relaysync_status relaysync_value_row(
    relaysync_model model, const float *numbers, size_t number_count, const char *const *categories, size_t category_count, relaysync_value *value);

/* Predicts the values of many rows by one version. */
relaysync_status relaysync_value_many(
    relaysync_model model, size_t rows, const float *numbers, size_t number_count, const char *const *categories, size_t category_count,
    relaysync_value *values);

typedef struct relaysync_transformation {
    const char *sha256; /* of the file that answered */
    int32_t version;    /* that answered */
    uint32_t reserved;
} relaysync_transformation;

/* Scales one row with a model for scaling: each number minus its mean, divided by its standard deviation. A missing value stays missing.
 * numbers, number_count     one number per input
 * transformation            receives the version that answered
 * features, feature_count   receives one number per input, in the order of the schema
 * Takes no lock and allocates nothing. Since version 1.1. */
relaysync_status relaysync_transform_row(
    relaysync_model model, const float *numbers, size_t number_count, relaysync_transformation *transformation, float *features,
    size_t feature_count);

/* Scales many rows by one version: rows times inputs, row after row. Since version 1.1. */
relaysync_status relaysync_transform_many(
    relaysync_model model, size_t rows, const float *numbers, size_t number_count, relaysync_transformation *transformation, float *features,
    size_t feature_count);

typedef struct relaysync_explanation {
    const char *label;  /* the class whose raw score is explained; "" for a task without classes */
    const char *sha256; /* of the file that answered */
    double baseline;    /* raw score without any contribution; baseline and contributions add up to score */
    double score;       /* raw score, before softmax, sigmoid or any other transform */
    int32_t version;    /* that answered */
    uint32_t reserved;
} relaysync_explanation;

/* What each input of one row added to the raw score of its answer. Slower than a prediction; it allocates.
 * contributions         receives one number per input, in the order of the schema, in units of the raw score
 * contribution_count    places at contributions, at least the number of inputs */
relaysync_status relaysync_explain(
    relaysync_model model, const float *numbers, size_t number_count, const char *const *categories, size_t category_count,
    relaysync_explanation *explanation, double *contributions, size_t contribution_count);

#ifdef __cplusplus
}
#endif

#endif
