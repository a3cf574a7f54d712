using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Sync.Node.Inference.Answers;
using Sync.Node.Inference.Grpc.Protocol;
using Sync.Node.Inference.Tensors;

namespace Sync.Node.Inference.Grpc;

/// <summary>Writes an answer of gRPC: raw where the request was raw, else in the repeated fields.</summary>
internal static class GrpcAnswerWriter
{
    public static ModelInferResponse Write(InferAnswer answer, string? id, bool isRaw)
    {
        ModelInferResponse response = new()
        {
            ModelName = answer.Version.Name,
            ModelVersion = answer.Version.Version.ToString(CultureInfo.InvariantCulture),
            Id = id ?? "",
            Parameters =
            {
                ["release"] = new() { Int64Param = answer.Release },
                ["sha256"] = new() { StringParam = answer.Version.Sha256 },
                ["scorer"] = new() { StringParam = InferAnswer.ScorerName(answer.Version) },
            },
        };
        foreach (RequestedOutput output in answer.Outputs)
        {
            bool isLabel = InferAnswer.IsLabel(output);
            ModelInferResponse.Types.InferOutputTensor tensor = new() { Name = output.Name, Datatype = isLabel ? "BYTES" : "FP32" };
            tensor.Shape.Add(answer.Rows);
            if (!isLabel)
            {
                tensor.Shape.Add(answer.Width);
            }

            if (isRaw)
            {
                response.RawOutputContents.Add(isLabel ? WriteRaw(answer.Labels) : ByteString.CopyFrom(MemoryMarshal.AsBytes(answer.Numbers)));
            }
            else
            {
                tensor.Contents = WriteContents(answer, isLabel);
            }

            response.Outputs.Add(tensor);
        }

        return response;
    }

    private static ByteString WriteRaw(ReadOnlySpan<string> labels)
    {
        using PooledBuffer bytes = new();
        RawTensorWriter.Write(bytes, labels);
        return ByteString.CopyFrom(bytes.Bytes.Span);
    }

    private static InferTensorContents WriteContents(InferAnswer answer, bool isLabel)
    {
        InferTensorContents contents = new();
        foreach (string label in isLabel ? answer.Labels : [])
        {
            contents.BytesContents.Add(ByteString.CopyFromUtf8(label));
        }

        foreach (float number in isLabel ? [] : answer.Numbers)
        {
            contents.Fp32Contents.Add(number);
        }

        return contents;
    }
}
