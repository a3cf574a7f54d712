"""What both peers share: the encoded matrix that the benchmark wrote, and the one line of JSON that it reads back."""
import json
import os
import sys
import time

import numpy

THREADS = 2


def load(folder, part, columns):
    rows = numpy.fromfile(os.path.join(folder, part + ".f32"), dtype="<f4").reshape(-1, columns)
    labels = numpy.fromfile(os.path.join(folder, part + ".i32"), dtype="<i4")
    return rows, labels


def peak_bytes():
    with open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    raise RuntimeError("no VmHWM in /proc/self/status")


def macro_f1(expected, predicted, classes):
    scores = []
    for k in range(classes):
        true_positive = numpy.sum((expected == k) & (predicted == k))
        involved = numpy.sum(expected == k) + numpy.sum(predicted == k)
        if involved:
            scores.append(2.0 * true_positive / involved)
    return float(numpy.mean(scores))


def run(fit, predict):
    """Times fit(rows, labels, classes), binning or conversion included; then scores the held-out rows."""
    folder, columns, classes = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    rows, labels = load(folder, "train", columns)
    start, cpu_start = time.perf_counter(), time.process_time()
    model = fit(rows, labels, classes)
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu_start
    peak = peak_bytes()
    del rows, labels
    rows, labels = load(folder, "test", columns)
    score = macro_f1(labels, predict(model, rows), classes)
    print(json.dumps({"seconds": seconds, "cpuSeconds": cpu_seconds, "peakBytes": peak, "macroF1": score}))
