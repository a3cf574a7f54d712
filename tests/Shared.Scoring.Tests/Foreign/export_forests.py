"""Trains forests of scikit-learn and XGBoost and writes them as ONNX the way exporters do.

usage: export_forests.py FOLDER
Writes rows.f32 (rows x FEATURES) and, for each model, NAME.onnx and NAME.f32: what the library itself says of the rows.
"""
import json
import sys

import numpy
import xgboost
from onnx import TensorProto, helper
from sklearn.ensemble import ExtraTreesRegressor, GradientBoostingClassifier, IsolationForest, RandomForestClassifier

FEATURES, CLASSES, ROWS = 8, 4, 600
ML = "ai.onnx.ml"


class Lists:
    """The lists of TreeEnsembleClassifier or TreeEnsembleRegressor."""

    def __init__(self, prefix):
        self.prefix = prefix
        self.nodes = {name: [] for name in (
            "treeids", "nodeids", "featureids", "values", "modes", "truenodeids", "falsenodeids", "missing_value_tracks_true")}
        self.leaves = {name: [] for name in ("treeids", "nodeids", "ids", "weights")}

    def branch(self, tree, node, feature, value, mode, when_true, when_false, missing_true):
        entry = (tree, node, feature, value, mode, when_true, when_false, missing_true)
        for name, item in zip(self.nodes, entry):
            self.nodes[name].append(item)

    def leaf(self, tree, node, weights):
        self.branch(tree, node, 0, 0.0, "LEAF", 0, 0, 0)
        for target, weight in weights:
            for name, item in zip(self.leaves, (tree, node, target, float(weight))):
                self.leaves[name].append(item)

    def attributes(self):
        return {**{f"nodes_{n}": v for n, v in self.nodes.items()}, **{f"{self.prefix}_{n}": v for n, v in self.leaves.items()}}


def add_sklearn(lists, number, tree, weights_of):
    for node in range(tree.node_count):
        if tree.children_left[node] < 0:
            lists.leaf(number, node, weights_of(tree, node))
            continue
        # The library compares float32 with float64: the next float32 below divides the numbers alike.
        threshold = numpy.float32(tree.threshold[node])
        if threshold > tree.threshold[node]:
            threshold = numpy.nextafter(threshold, numpy.float32(-numpy.inf))
        lists.branch(
            number, node, int(tree.feature[node]), float(threshold), "BRANCH_LEQ",
            int(tree.children_left[node]), int(tree.children_right[node]), 0)


def add_xgboost(lists, number, text, target):
    open_nodes = [json.loads(text)]
    while open_nodes:
        node = open_nodes.pop()
        if "leaf" in node:
            lists.leaf(number, node["nodeid"], [(target, node["leaf"])])
            continue
        lists.branch(
            number, node["nodeid"], int(node["split"][1:]), float(numpy.float32(node["split_condition"])), "BRANCH_LT",
            node["yes"], node["no"], int(node["missing"] == node["yes"]))
        open_nodes += node["children"]


def save(folder, name, nodes, output, columns, constants=()):
    graph = helper.make_graph(
        nodes, name, [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["rows", FEATURES])],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["rows", columns])], list(constants))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(ML, 3)])
    model.ir_version = 8
    with open(f"{folder}/{name}.onnx", "wb") as file:
        file.write(model.SerializeToString())


def classifier(lists, transform, classes, **more):
    return helper.make_node(
        "TreeEnsembleClassifier", ["x"], ["label", "y"], domain=ML, post_transform=transform,
        classlabels_int64s=list(range(classes)), **lists.attributes(), **more)


def main(folder):
    random = numpy.random.RandomState(7)
    rows = random.normal(size=(ROWS, FEATURES)).astype(numpy.float32).round(2)
    score = rows[:, 0] + rows[:, 1] * rows[:, 2]
    labels = numpy.digitize(score, [-1, 0, 1])
    rows.tofile(f"{folder}/rows.f32")

    def expect(name, values):
        numpy.asarray(values, numpy.float32).tofile(f"{folder}/{name}.f32")

    forest = RandomForestClassifier(40, max_depth=9, random_state=1).fit(rows, labels)
    lists = Lists("class")
    for number, one in enumerate(forest.estimators_):
        add_sklearn(lists, number, one.tree_, lambda tree, node: enumerate(
            tree.value[node][0] / tree.value[node][0].sum() / len(forest.estimators_)))
    save(folder, "sklearn-forest", [classifier(lists, "NONE", CLASSES)], "y", CLASSES)
    expect("sklearn-forest", forest.predict_proba(rows))

    boosted = GradientBoostingClassifier(n_estimators=50, max_depth=4, init="zero", random_state=1).fit(rows, labels > 1)
    lists = Lists("class")
    for number, one in enumerate(boosted.estimators_[:, 0]):
        add_sklearn(lists, number, one.tree_, lambda tree, node: [(0, tree.value[node][0][0] * boosted.learning_rate)])
    save(folder, "sklearn-boosted", [classifier(lists, "LOGISTIC", 2)], "y", 2)
    expect("sklearn-boosted", boosted.predict_proba(rows))

    extra = ExtraTreesRegressor(30, max_depth=8, random_state=1).fit(rows, score)
    lists = Lists("target")
    for number, one in enumerate(extra.estimators_):
        add_sklearn(lists, number, one.tree_, lambda tree, node: [(0, tree.value[node][0][0])])
    save(folder, "sklearn-extra", [helper.make_node(
        "TreeEnsembleRegressor", ["x"], ["y"], domain=ML, n_targets=1, aggregate_function="AVERAGE", **lists.attributes())], "y", 1)
    expect("sklearn-extra", extra.predict(rows))

    isolation = IsolationForest(n_estimators=50, random_state=1).fit(rows)
    lists = Lists("target")

    def path(n):
        n = numpy.asarray(n, float)
        return 0.0 if n <= 1 else 1.0 if n == 2 else 2 * (numpy.log(n - 1) + numpy.euler_gamma) - 2 * (n - 1) / n

    for number, one in enumerate(isolation.estimators_):
        depth = depths(one.tree_)
        scale = -1 / (len(isolation.estimators_) * path(isolation.max_samples_))
        add_sklearn(lists, number, one.tree_, lambda tree, node: [
            (0, scale * (depth[node] - 1 + path(tree.n_node_samples[node])))])
    save(folder, "sklearn-isolation", [
        helper.make_node("TreeEnsembleRegressor", ["x"], ["raw"], domain=ML, n_targets=1, **lists.attributes()),
        helper.make_node("Pow", ["two", "raw"], ["power"]), helper.make_node("Neg", ["power"], ["y"])], "y", 1,
        [helper.make_tensor("two", TensorProto.FLOAT, [1], [2.0])])
    expect("sklearn-isolation", isolation.score_samples(rows))

    missing = rows.copy()
    missing[random.uniform(size=rows.shape) < 0.1] = numpy.nan
    many = xgboost.XGBClassifier(n_estimators=25, max_depth=5, base_score=0.5).fit(missing, labels)
    lists = Lists("class")
    for number, text in enumerate(many.get_booster().get_dump(dump_format="json")):
        add_xgboost(lists, number, text, number % CLASSES)
    save(folder, "xgboost-many", [classifier(lists, "SOFTMAX", CLASSES, base_values=[0.5] * CLASSES)], "y", CLASSES)
    expect("xgboost-many", many.predict_proba(rows))

    two = xgboost.XGBClassifier(n_estimators=60, max_depth=6, base_score=0.5).fit(missing, labels > 1)
    lists = Lists("class")
    for number, text in enumerate(two.get_booster().get_dump(dump_format="json")):
        add_xgboost(lists, number, text, 0)
    save(folder, "xgboost-two", [classifier(lists, "LOGISTIC", 2)], "y", 2)
    expect("xgboost-two", two.predict_proba(rows))


def depths(tree):
    """Of each node, the root's being 1."""
    depth = numpy.ones(tree.node_count)
    for node in range(tree.node_count):
        for child in (tree.children_left[node], tree.children_right[node]):
            if child >= 0:
                depth[child] = depth[node] + 1
    return depth


if __name__ == "__main__":
    main(sys.argv[1])
