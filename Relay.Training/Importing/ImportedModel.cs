using Relay.Training.Data.Features;
using Relay.Training.Importing.Proof;
using Relay.Training.Models;

namespace Relay.Training.Importing;

/// <summary>A file that was read: the model in our form, and what proves it.</summary>
/// <param name="Notes">What an admin should know, one sentence each.</param>
internal sealed record ImportedModel(ImportFormat Format, FittedModel Model, IImportProof Proof, IReadOnlyList<string> Notes) : IDisposable
{
    /// <summary>How held-out rows become numbers; by default all of their columns are numbers.</summary>
    public FeatureEncoder Encoder { get; init; } = FeatureEncoder.Create(
        Model.Schema.Inputs.Select(input => input.Name), new CategoryEncoder?[Model.Schema.Inputs.Count]);

    /// <summary>SHA-256 of the rows that it was trained on; null where the file does not say.</summary>
    public string? DataDigest { get; init; }

    public void Dispose() => Proof.Dispose();
}
