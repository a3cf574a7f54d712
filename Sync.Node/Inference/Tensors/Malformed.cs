using System.Diagnostics.CodeAnalysis;
using Shared.Contracts;

namespace Sync.Node.Inference.Tensors;

/// <summary>Errors of what a caller sent. A message quotes at most a part of it, escaped.</summary>
internal static class Malformed
{
    private const int Quoted = 400;

    public static InferenceException Create(string message) => new(InferenceFault.Malformed, DisplayText.Escape(message, Quoted));

    [DoesNotReturn]
    public static void Throw(string message) => throw Create(message);
}
