"""XGBoost, histogram method, with the settings of the managed engine."""
import common
import numpy
import xgboost


def fit(rows, labels, classes):
    settings = {
        "objective": "multi:softprob", "num_class": classes, "tree_method": "hist", "max_bin": 255, "max_depth": 6,
        "eta": 0.3, "lambda": 1.0, "min_child_weight": 1.0, "nthread": common.THREADS,
    }
    return xgboost.train(settings, xgboost.DMatrix(rows, label=labels, nthread=common.THREADS), num_boost_round=100)


def predict(model, rows):
    return numpy.argmax(model.predict(xgboost.DMatrix(rows, nthread=common.THREADS)), axis=1)


common.run(fit, predict)
