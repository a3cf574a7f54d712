"""XGBoost's random forest, histogram method, with the settings of the managed engine."""
import common
import numpy
import xgboost


def fit(rows, labels, classes):
    settings = {
        "objective": "multi:softprob", "num_class": classes, "tree_method": "hist", "max_bin": 255, "max_depth": 20,
        "num_parallel_tree": 100, "eta": 1.0, "subsample": 0.632, "colsample_bynode": rows.shape[1] ** -0.5,
        "lambda": 1e-5, "min_child_weight": 1.0, "nthread": common.THREADS, "seed": 42,
    }
    return xgboost.train(settings, xgboost.DMatrix(rows, label=labels, nthread=common.THREADS), num_boost_round=1)


def predict(model, rows):
    return numpy.argmax(model.predict(xgboost.DMatrix(rows, nthread=common.THREADS)), axis=1)


common.run(fit, predict)
