"""Times scikit-learn from its pickle: one row at a time and in batches, in microseconds a row. The model has the shape that the id names,
fitted on random rows, so that its trees are as full as they may be."""
import json
import pickle
import sys
import time

import numpy
from sklearn.ensemble import HistGradientBoostingClassifier, IsolationForest, RandomForestClassifier

FEATURES, CLASSES, BATCH = 29, 5, 1024
# Boosting grows one tree per class and round: 20 rounds are 100 trees.
SHAPES = {
    "100x6": lambda: RandomForestClassifier(n_estimators=100, max_depth=6, n_jobs=1, random_state=1),
    "100x31leaf": lambda: HistGradientBoostingClassifier(max_iter=20, max_leaf_nodes=31, early_stopping=False, random_state=1),
    "500x6": lambda: RandomForestClassifier(n_estimators=500, max_depth=6, n_jobs=1, random_state=1),
    "100x10": lambda: RandomForestClassifier(n_estimators=100, max_depth=10, n_jobs=1, random_state=1),
    "isolation": lambda: IsolationForest(n_estimators=100, max_samples=256, n_jobs=1, random_state=1),
    "simulator": lambda: RandomForestClassifier(n_estimators=200, max_depth=20, min_samples_leaf=2, n_jobs=1, random_state=1),
    "kdd99": lambda: HistGradientBoostingClassifier(max_iter=100, max_depth=6, early_stopping=False, random_state=1),
}


def median(call, calls):
    times = []
    for i in range(calls):
        start = time.perf_counter()
        call(i)
        times.append(time.perf_counter() - start)
    return float(numpy.median(times[calls // 4:])) * 1e6


def main(shape):
    random = numpy.random.default_rng(1)
    features = 41 if shape == "kdd99" else FEATURES
    rows = random.random((8000, features), dtype=numpy.float32)
    model = SHAPES[shape]()
    fitted = model.fit(rows) if shape == "isolation" else model.fit(rows, random.integers(0, CLASSES, len(rows)))
    loaded = pickle.loads(pickle.dumps(fitted))
    predict = loaded.score_samples if shape == "isolation" else loaded.predict_proba
    one = median(lambda i: predict(rows[i % len(rows)].reshape(1, -1)), 60)
    batch = median(lambda i: predict(rows[i * 500 % 6000:][:BATCH]), 12) / BATCH
    print(json.dumps([one, batch]))


main(sys.argv[1])
