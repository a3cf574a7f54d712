"""The functions and structures of relaysync.h."""

import ctypes
import os
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_double, c_float, c_int32, c_size_t, c_uint32, c_uint64, c_void_p

STATUS_NAMES = (
    "ok", "invalid argument", "invalid handle", "not ready", "wrong task", "wrong width", "wrong type", "missing value", "wrong output",
    "not explainable", "scorer failed", "refused", "timed out", "file unreadable", "forked", "internal error")


class Error(Exception):
    """The library refused a call. It never gives a default answer instead."""

    def __init__(self, status, text):
        name = STATUS_NAMES[status] if status < len(STATUS_NAMES) else str(status)
        super().__init__(f"{name}: {text}")
        self.status = status


class COption(Structure):
    _fields_ = [("name", c_char_p), ("value", c_char_p)]


class CInput(Structure):
    _fields_ = [("name", c_char_p), ("type", c_int32), ("required", c_int32)]


class CSchema(Structure):
    _fields_ = [
        ("name", c_char_p), ("sha256", c_char_p), ("schema_hash", c_char_p), ("version", c_int32), ("task", c_int32),
        ("inputs", POINTER(CInput)), ("input_count", c_size_t), ("number_count", c_size_t), ("category_count", c_size_t),
        ("classes", POINTER(c_char_p)), ("class_count", c_size_t), ("benign", c_int32), ("has_offset", c_uint32), ("offset", c_float),
        ("reserved", c_uint32)]


class CPrediction(Structure):
    _fields_ = [
        ("label", c_char_p), ("sha256", c_char_p), ("version", c_int32), ("label_index", c_int32), ("probability", c_float),
        ("is_benign", c_int32)]


class CScore(Structure):
    _fields_ = [
        ("label", c_char_p), ("sha256", c_char_p), ("version", c_int32), ("score", c_float), ("is_anomaly", c_int32), ("reserved", c_uint32)]


class CValue(Structure):
    _fields_ = [("sha256", c_char_p), ("version", c_int32), ("value", c_float)]


class CExplanation(Structure):
    _fields_ = [
        ("label", c_char_p), ("sha256", c_char_p), ("baseline", c_double), ("score", c_double), ("version", c_int32), ("reserved", c_uint32)]


class CTransformation(Structure):
    _fields_ = [("sha256", c_char_p), ("version", c_int32), ("reserved", c_uint32)]


# context, level, node, message
LOG_CALLBACK = CFUNCTYPE(None, c_void_p, c_int32, c_char_p, c_char_p)

_ROW = [c_uint64, POINTER(c_float), c_size_t, POINTER(c_char_p), c_size_t]
_ROWS = [c_uint64, c_size_t, POINTER(c_float), c_size_t, POINTER(c_char_p), c_size_t]
_FUNCTIONS = {
    "open": [POINTER(COption), c_size_t, POINTER(c_uint64)],
    "close": [c_uint64],
    "start": [c_uint64],
    "stop": [c_uint64],
    "refresh": [c_uint64, c_int32, POINTER(c_int32)],
    "pin": [c_uint64, c_int32, c_int32, POINTER(c_int32)],
    "hold": [c_uint64, c_int32, POINTER(c_int32)],
    "follow": [c_uint64, c_int32, POINTER(c_int32)],
    "import": [c_uint64, c_char_p, POINTER(c_int32)],
    "wait_ready": [c_uint64, c_int32],
    "status_json": [c_uint64, POINTER(c_void_p)],
    "model_find": [c_uint64, c_char_p, POINTER(c_uint64)],
    "model_load_unverified_file": [c_char_p, c_char_p, POINTER(c_uint64)],
    "model_close": [c_uint64],
    "model_schema": [c_uint64, POINTER(CSchema), c_size_t],
    "predict": [*_ROW, POINTER(CPrediction), POINTER(c_float), c_size_t],
    "predict_many": [*_ROWS, POINTER(CPrediction), POINTER(c_float), c_size_t],
    "score_row": [*_ROW, POINTER(CScore)],
    "value_row": [*_ROW, POINTER(CValue)],
    "transform_row": [c_uint64, POINTER(c_float), c_size_t, POINTER(CTransformation), POINTER(c_float), c_size_t],
    "set_log": [LOG_CALLBACK, c_void_p, c_int32],
    "explain": [*_ROW, POINTER(CExplanation), POINTER(c_double), c_size_t],
}


def _load():
    path = os.environ.get("RELAYSYNC_LIBRARY", "librelaysync.so.1")
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        raise ImportError(
            f"{error}: name the folder of librelaysync.so.1 in LD_LIBRARY_PATH, or the file in RELAYSYNC_LIBRARY"
        ) from error
    for name, arguments in _FUNCTIONS.items():
        function = getattr(library, "relaysync_" + name)
        function.argtypes, function.restype = arguments, c_int32
    library.relaysync_last_error.restype = c_char_p
    library.relaysync_library_version.restype = c_char_p
    library.relaysync_free.argtypes = [c_void_p]
    library.relaysync_free.restype = None
    return library


LIBRARY = _load()


def call(name, *arguments):
    """Calls a function, and raises what it reports."""
    status = getattr(LIBRARY, "relaysync_" + name)(*arguments)
    if status != 0:
        raise Error(status, LIBRARY.relaysync_last_error().decode())
