"""scikit-learn's histogram boosting with the settings of the managed engine."""
import os

import common

os.environ["OMP_NUM_THREADS"] = str(common.THREADS)
from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: E402


def fit(rows, labels, classes):
    boosting = HistGradientBoostingClassifier(
        max_iter=100, max_depth=6, max_leaf_nodes=None, max_bins=255, learning_rate=0.3, l2_regularization=1.0,
        min_samples_leaf=1, early_stopping=False, random_state=42)
    return boosting.fit(rows, labels)


def predict(model, rows):
    return model.predict(rows)


common.run(fit, predict)
