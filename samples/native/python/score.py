"""A node in Python: answers rows from standard input, one a line, fields separated by commas in the order of the model's inputs.

    python3 score.py https://relay:60002 root.json ca.pem MODEL [OPTION VALUE ...] < rows.csv
"""

import sys

import relaysync


def main():
    if len(sys.argv) < 5 or len(sys.argv) % 2 == 0:
        sys.exit("usage: score.py RELAY ROOT CA MODEL [OPTION VALUE ...] < rows.csv")
    relay, root, ca, name, *more = sys.argv[1:]
    options = {option.replace("-", "_"): value for option, value in zip(more[::2], more[1::2])}
    relaysync.set_log(lambda level, node, message: print(f"{level}: {node}: {message}", file=sys.stderr))
    with relaysync.Node(relay=relay, root=root, ca=ca, model=name, **options) as node:
        node.start()
        node.wait_ready(60)
        model = node.model(name)
        for line in sys.stdin:
            inputs = model.schema().inputs
            fields = line.rstrip("\r\n").split(",")
            if len(fields) != len(inputs):
                raise ValueError(f"a line has {len(fields)} fields, and the model {len(inputs)} inputs")
            row = list(zip(fields, inputs))
            numbers = [float(field or "nan") for field, one in row if not one.is_category]
            categories = [field or None for field, one in row if one.is_category]
            answer = model.predict(numbers, categories)
            print(f"{answer.label} {answer.probability:.9g} version {answer.version} {answer.sha256}")


if __name__ == "__main__":
    try:
        main()
    except (relaysync.Error, ValueError) as error:
        sys.exit(f"score.py: {error}")
