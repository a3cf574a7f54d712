using Sync.Node.Inference.Tensors;

namespace Sync.Node.Inference.Answers;

/// <summary>A request for answers, whatever protocol brought it.</summary>
/// <param name="Id">Comes back in the answer; null for none.</param>
/// <param name="Outputs">Empty: all outputs.</param>
internal sealed record InferRequest(string? Id, IReadOnlyList<InputTensor> Inputs, IReadOnlyList<RequestedOutput> Outputs);

/// <summary>An output that a request asks for.</summary>
/// <param name="IsBinary">True for bytes after the JSON. gRPC does not use it.</param>
internal readonly record struct RequestedOutput(string Name, bool IsBinary);
