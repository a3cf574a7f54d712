using Shared.Contracts.Models;

namespace Relay.Training.Importing;

/// <summary>One import: the file of another framework, what its columns and classes are called, and the rows to measure and prove it on.</summary>
/// <param name="Spec">Of its parameters and weights nothing is used.</param>
/// <param name="Version">From 1; stands in the artifact.</param>
/// <param name="FileName">For messages and the card.</param>
/// <param name="TestPath">Held-out rows with labels, in the form that the spec states.</param>
public sealed record ImportJob(ModelSpec Spec, int Version, string FileName, byte[] File, string TestPath)
{
    /// <summary>The output of an ONNX graph that holds the answer, where the graph has several that could be it.</summary>
    public string? Output { get; init; }

    /// <summary>Whose signature over the file was verified; null where it came without one.</summary>
    public ImportSigner? Signer { get; init; }

    /// <summary>The version that this one would replace; null where there is none, and no gate compares.</summary>
    public IncumbentModel? Incumbent { get; init; }

    /// <summary>The gates that a person accepts in advance, with the reason.</summary>
    public IReadOnlyDictionary<string, string> Accepted { get; init; } = new Dictionary<string, string>();
}
