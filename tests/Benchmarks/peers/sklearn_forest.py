"""scikit-learn's random forest with the settings of the managed engine."""
import common
import numpy
from sklearn.ensemble import RandomForestClassifier


def fit(rows, labels, classes):
    forest = RandomForestClassifier(
        n_estimators=100, max_depth=20, max_features="sqrt", criterion="gini", n_jobs=common.THREADS, random_state=42)
    return forest.fit(rows, labels)


def predict(model, rows):
    # A category that training never saw is NaN, which this forest refuses: below all codes is its nearest reading.
    return model.predict(numpy.nan_to_num(rows, copy=False, nan=-1.0))


common.run(fit, predict)
