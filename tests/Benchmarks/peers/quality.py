"""Trains XGBoost or scikit-learn fold by fold on a set, and writes the probabilities of the tested rows. Prints the names of the sides."""
import os
import sys

# One thread each: peers run beside each other, and threads that wait for one another by spinning take the time of the others.
THREADS = 1
os.environ["OMP_NUM_THREADS"] = str(THREADS)

import numpy  # noqa: E402

SEED = 1
ROUNDS = 100


def xgboost_default(rows, labels, classes, asked):
    import xgboost
    objective = {"objective": "binary:logistic"} if classes == 2 else {"objective": "multi:softprob", "num_class": classes}
    settings = {**objective, "tree_method": "hist", "nthread": THREADS, "seed": SEED}
    model = xgboost.train(settings, xgboost.DMatrix(rows, label=labels), num_boost_round=ROUNDS)
    answers = model.predict(xgboost.DMatrix(asked))
    return numpy.column_stack([1 - answers, answers]) if classes == 2 else answers


def sklearn_answers(model, rows, labels, classes, asked):
    model.fit(rows, labels)
    answers = numpy.zeros((len(asked), classes))
    answers[:, model.classes_] = model.predict_proba(asked)
    return answers


def sklearn_default(rows, labels, classes, asked):
    from sklearn.ensemble import HistGradientBoostingClassifier
    return sklearn_answers(HistGradientBoostingClassifier(max_iter=ROUNDS, random_state=SEED), rows, labels, classes, asked)


def sklearn_equal(rows, labels, classes, asked):
    from sklearn.ensemble import HistGradientBoostingClassifier
    model = HistGradientBoostingClassifier(
        max_iter=ROUNDS, max_depth=6, max_leaf_nodes=None, learning_rate=0.3, l2_regularization=1.0, min_samples_leaf=1,
        early_stopping=False, random_state=SEED)
    return sklearn_answers(model, rows, labels, classes, asked)


def sklearn_forest(rows, labels, classes, asked):
    from sklearn.ensemble import RandomForestClassifier
    # This forest refuses missing values: below all values of the column is their nearest reading.
    low = numpy.nanmin(rows, axis=0) - 1
    filled, asked_filled = numpy.where(numpy.isnan(rows), low, rows), numpy.where(numpy.isnan(asked), low, asked)
    return sklearn_answers(RandomForestClassifier(n_jobs=THREADS, random_state=SEED), filled, labels, classes, asked_filled)


SIDES = {
    "xgboost": {"xgboost": xgboost_default},
    "sklearn": {"sklearn": sklearn_default, "sklearn-equal": sklearn_equal, "sklearn-forest": sklearn_forest},
}


def main():
    module, folder, name = sys.argv[1:4]
    with open(os.path.join(folder, name + ".txt"), encoding="ascii") as text:
        columns, classes, folds = (int(word) for word in text.read().split())
    rows = numpy.fromfile(os.path.join(folder, name + ".f32"), dtype="<f4").reshape(-1, columns)
    labels = numpy.fromfile(os.path.join(folder, name + ".i32"), dtype="<i4")
    fold = numpy.fromfile(os.path.join(folder, name + ".fold"), dtype="<i4")
    for side, answer in SIDES[module].items():
        answers = numpy.zeros((len(labels), classes), dtype="<f4")
        for k in range(folds):
            answers[fold == k] = answer(rows[fold != k], labels[fold != k], classes, rows[fold == k])
        answers[fold >= 0].tofile(os.path.join(folder, f"{name}.{side}.p32"))
        print(side)


main()
