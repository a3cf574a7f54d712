"""Nodes and models, as Python has them."""

import atexit
import ctypes
import json
from ctypes import byref, c_char_p, c_double, c_float, c_int32, c_uint64, c_void_p
from typing import NamedTuple, Optional, Sequence

from ._library import LIBRARY, LOG_CALLBACK, Error, COption, CExplanation, CPrediction, CSchema, CScore, CTransformation, CValue, call

_TASKS = ("classification", "regression", "anomaly-detection", "scaling")


class Input(NamedTuple):
    name: str
    is_category: bool
    required: bool


class Schema(NamedTuple):
    name: str
    version: int
    sha256: str
    task: str
    inputs: Sequence[Input]
    classes: Sequence[str]
    benign: Optional[str]


class Prediction(NamedTuple):
    label: str
    label_index: int
    probability: float
    probabilities: Sequence[float]
    is_benign: bool
    version: int
    sha256: str


class Score(NamedTuple):
    score: float
    is_anomaly: bool
    version: int
    sha256: str


class Value(NamedTuple):
    value: float
    version: int
    sha256: str


class Transformation(NamedTuple):
    features: Sequence[float]
    version: int
    sha256: str


class Explanation(NamedTuple):
    label: str
    baseline: float
    score: float
    contributions: Sequence[float]
    version: int
    sha256: str


def _row(numbers, categories):
    texts = [None if text is None else text.encode() for text in categories]
    return (c_float * len(numbers))(*numbers), len(numbers), (c_char_p * len(texts))(*texts), len(texts)


class Model:
    """A model of a node, or of a file. Its versions come and go; each answer names the one that gave it."""

    def __init__(self, handle):
        self._handle = handle

    def schema(self):
        schema = CSchema()
        call("model_schema", self._handle, byref(schema), ctypes.sizeof(schema))
        classes = [schema.classes[i].decode() for i in range(schema.class_count)]
        return Schema(
            schema.name.decode(), schema.version, schema.sha256.decode(), _TASKS[schema.task],
            [Input(i.name.decode(), i.type == 1, i.required == 1) for i in schema.inputs[:schema.input_count]],
            classes, classes[schema.benign] if schema.benign >= 0 else None)

    def predict(self, numbers, categories=()):
        """Classifies one row: a number per number input, NaN where it is missing; a text per category input, None where it is missing."""
        while True:
            schema, answer = self.schema(), CPrediction()
            places = (c_float * len(schema.classes))()
            try:
                call("predict", self._handle, *_row(numbers, categories), byref(answer), places, len(places))
            except Error:
                if self.schema().sha256 == schema.sha256:
                    raise
                continue
            if answer.sha256.decode() == schema.sha256:  # else another version became active in between
                return Prediction(
                    answer.label.decode(), answer.label_index, answer.probability, list(places), answer.is_benign == 1, answer.version,
                    schema.sha256)

    def score(self, numbers, categories=()):
        answer = CScore()
        call("score_row", self._handle, *_row(numbers, categories), byref(answer))
        return Score(answer.score, answer.is_anomaly == 1, answer.version, answer.sha256.decode())

    def value(self, numbers, categories=()):
        answer = CValue()
        call("value_row", self._handle, *_row(numbers, categories), byref(answer))
        return Value(answer.value, answer.version, answer.sha256.decode())

    def transform(self, numbers):
        """Scales one row of a model for scaling: a number per input, NaN where it is missing."""
        answer = CTransformation()
        places = (c_float * len(numbers))()
        call("transform_row", self._handle, (c_float * len(numbers))(*numbers), len(numbers), byref(answer), places, len(places))
        return Transformation(list(places), answer.version, answer.sha256.decode())

    def explain(self, numbers, categories=()):
        answer = CExplanation()
        places = (c_double * len(self.schema().inputs))()
        call("explain", self._handle, *_row(numbers, categories), byref(answer), places, len(places))
        return Explanation(
            answer.label.decode(), answer.baseline, answer.score, list(places), answer.version, answer.sha256.decode())

    def close(self):
        """Closes a model of load_unverified_file; those of a node close with it."""
        call("model_close", self._handle)


class Node:
    """A node. Options are those of relaysync_open, with _ for -; a list for one that may be repeated."""

    def __init__(self, **options):
        given = [
            (name.replace("_", "-").encode(), (str(one).lower() if isinstance(one, bool) else str(one)).encode())
            for name, value in options.items() for one in (value if isinstance(value, (list, tuple)) else [value])]
        array = (COption * len(given))(*[COption(name, value) for name, value in given])
        handle = c_uint64()
        call("open", array, len(given), byref(handle))
        self._handle = handle.value

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def model(self, name):
        handle = c_uint64()
        call("model_find", self._handle, name.encode(), byref(handle))
        return Model(handle.value)

    def refresh(self, seconds=-1.0):
        """Updates now. True where another release became active."""
        return self._update("refresh", seconds)

    def pin(self, release, seconds=-1.0):
        """Runs one release until follow, or until it is revoked. True where another release became active."""
        return self._update("pin", seconds, release)

    def hold(self, seconds=-1.0):
        """Keeps the active release until follow."""
        return self._update("hold", seconds)

    def follow(self, seconds=-1.0):
        """Ends a pin or a hold, and updates. True where another release became active."""
        return self._update("follow", seconds)

    def import_bundle(self, path):
        activated = c_int32()
        call("import", self._handle, str(path).encode(), byref(activated))
        return activated.value == 1

    def start(self):
        call("start", self._handle)

    def stop(self):
        call("stop", self._handle)

    def wait_ready(self, seconds=-1.0):
        call("wait_ready", self._handle, int(seconds * 1000) if seconds >= 0 else -1)

    def status(self):
        text = c_void_p()
        call("status_json", self._handle, byref(text))
        try:
            return json.loads(ctypes.string_at(text))
        finally:
            LIBRARY.relaysync_free(text)

    def close(self):
        call("close", self._handle)

    def _update(self, function, seconds, *first):
        activated = c_int32()
        call(function, self._handle, *first, int(seconds * 1000) if seconds >= 0 else -1, byref(activated))
        return activated.value == 1


def load_unverified_file(path, sha256=None):
    """Loads an ONNX file of Relay that no signature speaks for: who can write the file decides what the model answers."""
    handle = c_uint64()
    call("model_load_unverified_file", str(path).encode(), None if sha256 is None else sha256.encode(), byref(handle))
    return Model(handle.value)


LEVELS = {"debug": 1, "information": 2, "warning": 3, "error": 4}
_receivers = []  # what C may call must not be collected


def set_log(receive, level="information"):
    """Passes the log of all nodes of this process to receive(level, node, message), on a thread of the library, one message at a time; None for none.
    The receiver before has all that was logged for it when this returns, and is not called again."""
    names = {number: name for name, number in LEVELS.items()}

    def pass_on(_, number, node, message):
        receive(names[number], node.decode(), message.decode())

    if receive is not None and not _receivers:
        atexit.register(set_log, None)  # no message may come when the interpreter is gone
    given = LOG_CALLBACK() if receive is None else LOG_CALLBACK(pass_on)
    _receivers.append(given)
    call("set_log", given, None, LEVELS[level])
