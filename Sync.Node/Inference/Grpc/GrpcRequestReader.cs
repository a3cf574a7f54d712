using Google.Protobuf.Collections;
using Sync.Node.Inference.Answers;
using Sync.Node.Inference.Grpc.Protocol;
using Sync.Node.Inference.Tensors;

namespace Sync.Node.Inference.Grpc;

/// <summary>Reads a request of gRPC.</summary>
internal static class GrpcRequestReader
{
    /// <exception cref="InferenceException">It is no request.</exception>
    public static InferRequest Read(ModelInferRequest request, int maximumRows)
    {
        bool isRaw = request.RawInputContents.Count > 0;
        if (isRaw && request.RawInputContents.Count != request.Inputs.Count)
        {
            Malformed.Throw($"raw_input_contents has {request.RawInputContents.Count} elements for {request.Inputs.Count} inputs: send one for each");
        }

        if (request.Inputs.Count > InferenceLimits.MaximumTensors || request.Outputs.Count > InferenceLimits.MaximumTensors)
        {
            Malformed.Throw($"the request has more than {InferenceLimits.MaximumTensors} inputs or outputs");
        }

        RefuseUnknown(request.Parameters, "the request");
        InputTensor[] inputs = new InputTensor[request.Inputs.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = ReadInput(request.Inputs[i], isRaw ? request.RawInputContents[i].Memory : (ReadOnlyMemory<byte>?)null, maximumRows);
        }

        return new(request.Id.Length == 0 ? null : request.Id, inputs, [.. request.Outputs.Select(ReadOutput)]);
    }

    private static InputTensor ReadInput(ModelInferRequest.Types.InferInputTensor input, ReadOnlyMemory<byte>? raw, int maximumRows)
    {
        RefuseUnknown(input.Parameters, $"input '{input.Name}'");
        if (raw is not null && input.Contents is not null)
        {
            Malformed.Throw($"input '{input.Name}' has contents, and the request has raw_input_contents: send one of them");
        }

        Span<long> shape = stackalloc long[Math.Min(input.Shape.Count, 8)];
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = input.Shape[i];
        }

        return new(
            input.Name, TensorTypes.Parse(input.Datatype, input.Name), TensorShape.Create(shape, input.Name, maximumRows),
            raw is { } bytes ? new RawTensorData(bytes) : new RepeatedTensorData(input.Contents ?? new()));
    }

    private static RequestedOutput ReadOutput(ModelInferRequest.Types.InferRequestedOutputTensor output)
    {
        RefuseUnknown(output.Parameters, $"output '{output.Name}'");
        return new(output.Name, IsBinary: false);
    }

    private static void RefuseUnknown(MapField<string, InferParameter> parameters, string owner)
    {
        foreach (string name in parameters.Keys)
        {
            ExtensionParameters.RefuseIfUnsupported(name, owner);
        }
    }
}
