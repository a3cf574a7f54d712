"""A stock client of the Open Inference Protocol by gRPC: Debian's grpcio, with stubs that protoc makes of the .proto that relay-node ships.

usage: client.py STUBS TARGET calls|load ARGUMENTS, with STUBS the folder of the stubs; prints one JSON value
"""
import json
import struct
import sys
import time

sys.path.insert(0, sys.argv[1])
import grpc  # noqa: E402
import inference_pb2 as pb  # noqa: E402
import inference_pb2_grpc  # noqa: E402


def rows(model, numbers, raw, version="", width=4):
    request = pb.ModelInferRequest(model_name=model, model_version=version, id="9")
    tensor = request.inputs.add(name="rows", datatype="FP32", shape=[len(numbers) // width, width])
    if raw:
        request.raw_input_contents.append(struct.pack("<%df" % len(numbers), *numbers))
    else:
        tensor.contents.fp32_contents.extend(numbers)
    return request


def answer(response):
    found = {"model": response.model_name, "version": response.model_version, "id": response.id,
             "release": response.parameters["release"].int64_param, "sha256": response.parameters["sha256"].string_param,
             "scorer": response.parameters["scorer"].string_param}
    for i, output in enumerate(response.outputs):
        if response.raw_output_contents:
            raw = response.raw_output_contents[i]
            if output.datatype == "BYTES":
                texts = []
                while raw:
                    size = struct.unpack("<I", raw[:4])[0]
                    texts.append(raw[4:4 + size].decode())
                    raw = raw[4 + size:]
                found[output.name] = texts
            else:
                found[output.name] = struct.unpack("<%dI" % (len(raw) // 4), raw)
        elif output.datatype == "BYTES":
            found[output.name] = [text.decode() for text in output.contents.bytes_contents]
        else:
            found[output.name] = struct.unpack("<%dI" % len(output.contents.fp32_contents),
                                               struct.pack("<%df" % len(output.contents.fp32_contents), *output.contents.fp32_contents))
        found[output.name + " shape"] = list(output.shape)
    return found


def refusal(call, request):
    try:
        call(request)
        return "answered"
    except grpc.RpcError as error:
        return [error.code().name, error.details()]


def calls(stub, model, other, numbers):
    """Every call of the protocol, and each kind of wrong request."""
    metadata = stub.ModelMetadata(pb.ModelMetadataRequest(name=model))
    mixed = pb.ModelInferRequest(model_name=other)
    for name, kind, values in (("f0", "BYTES", [b"tcp", b""]), ("f1", "INT64", [1, 2]), ("f2", "FP64", [0.5, 0.25])):
        tensor = mixed.inputs.add(name=name, datatype=kind, shape=[2, 1])
        {"BYTES": tensor.contents.bytes_contents, "INT64": tensor.contents.int64_contents,
         "FP64": tensor.contents.fp64_contents}[kind].extend(values)
    one_output = rows(model, numbers, raw=True)
    one_output.outputs.add(name="probabilities")
    both = rows(model, numbers, raw=True)
    both.inputs[0].contents.fp32_contents.extend(numbers)
    short = rows(model, numbers, raw=True)
    short.raw_input_contents[0] = short.raw_input_contents[0][:-1]
    extra = rows(model, numbers, raw=True)
    extra.raw_input_contents.append(b"")
    fields = rows(model, numbers, raw=False)
    fields.inputs[0].contents.int_contents.append(1)
    unknown = rows(model, numbers, raw=True)
    unknown.outputs.add(name="logits")
    long_shape = rows(model, numbers, raw=True)
    long_shape.inputs[0].shape[:] = [1] * 100
    many = rows(model, [0.0] * 4, raw=True)
    many.inputs[0].shape[0] = 2000
    server = stub.ServerMetadata(pb.ServerMetadataRequest())
    return {
        "live": stub.ServerLive(pb.ServerLiveRequest()).live,
        "ready": stub.ServerReady(pb.ServerReadyRequest()).ready,
        "model ready": stub.ModelReady(pb.ModelReadyRequest(name=model)).ready,
        "server": [server.name, list(server.extensions)],
        "inputs": [[i.name, i.datatype, list(i.shape)] for i in metadata.inputs],
        "outputs": [[o.name, o.datatype, list(o.shape)] for o in metadata.outputs],
        "versions": list(metadata.versions),
        "raw": answer(stub.ModelInfer(rows(model, numbers, raw=True))),
        "repeated": answer(stub.ModelInfer(rows(model, numbers, raw=False, version=metadata.versions[0]))),
        "one output": answer(stub.ModelInfer(one_output)),
        "mixed": answer(stub.ModelInfer(mixed)),
        "refused": {
            "no inputs": refusal(stub.ModelInfer, pb.ModelInferRequest(model_name=model)),
            "both forms": refusal(stub.ModelInfer, both),
            "cut off": refusal(stub.ModelInfer, short),
            "one too many": refusal(stub.ModelInfer, extra),
            "two fields": refusal(stub.ModelInfer, fields),
            "unknown output": refusal(stub.ModelInfer, unknown),
            "shape of 100": refusal(stub.ModelInfer, long_shape),
            "too many rows": refusal(stub.ModelInfer, many),
            "too large": refusal(stub.ModelInfer, rows(model, [0.0] * 400000, raw=True)),
            "other version": refusal(stub.ModelInfer, rows(model, numbers, raw=True, version="77")),
            "other model": refusal(stub.ModelInfer, rows("none", numbers, raw=True)),
            "ready of another": refusal(stub.ModelReady, pb.ModelReadyRequest(name="none")),
            "metadata of another": refusal(stub.ModelMetadata, pb.ModelMetadataRequest(name=model, version="77")),
            "load": refusal(stub.RepositoryModelLoad, pb.RepositoryModelLoadRequest(model_name=model)),
            "unload": refusal(stub.RepositoryModelUnload, pb.RepositoryModelUnloadRequest(model_name=model)),
        },
    }


def load(stub, model, numbers, until):
    """Asks without a pause until the answer is by the last version; prints how many answers each version gave, and each different one."""
    seen = {}
    failed = 0
    deadline = time.time() + 120
    last = None
    while last != until and time.time() < deadline:
        try:
            response = stub.ModelInfer(rows(model, numbers, raw=True))
        except grpc.RpcError:
            failed += 1
            continue
        last = response.model_version
        key = json.dumps([last, response.parameters["release"].int64_param, response.parameters["sha256"].string_param,
                          list(struct.unpack("<%dI" % (len(response.raw_output_contents[1]) // 4), response.raw_output_contents[1]))])
        seen[key] = seen.get(key, 0) + 1
    return {"failed": failed, "answers": [[json.loads(key), count] for key, count in seen.items()]}


with grpc.insecure_channel(sys.argv[2]) as channel:
    client = inference_pb2_grpc.GRPCInferenceServiceStub(channel)
    arguments = json.loads(sys.argv[4])
    print(json.dumps((calls if sys.argv[3] == "calls" else load)(client, *arguments)))
