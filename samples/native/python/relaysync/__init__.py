"""A node of Relay for Python: verified models, swapped while calls run. It calls librelaysync with ctypes and needs no other package.

    with relaysync.Node(relay="https://relay:60002", root="root.json", ca="ca.pem", model="login-risk") as node:
        node.start()
        node.wait_ready(60)
        print(node.model("login-risk").predict([0.1, 900.0, 1.0], ["udp"]))

The library is found by the name librelaysync.so.1, or by its path in the variable RELAYSYNC_LIBRARY. A call leaves Python's lock: threads score
side by side. Fork before the first call, or use the start method "spawn".
"""

from ._library import Error
from ._node import (
    Explanation, Input, Model, Node, Prediction, Schema, Score, Transformation, Value, load_unverified_file, set_log)

__all__ = [
    "Error", "Explanation", "Input", "Model", "Node", "Prediction", "Schema", "Score", "Transformation", "Value", "load_unverified_file",
    "set_log"]
