using Relay.Training.Importing.Proof;
using Relay.Training.Models;

namespace Relay.Training.Importing;

/// <summary>A file that was read: the model in our form, and what proves it.</summary>
/// <param name="Notes">What an admin should know, one sentence each.</param>
internal sealed record ImportedModel(ImportFormat Format, FittedModel Model, ISourceProof Proof, IReadOnlyList<string> Notes) : IDisposable
{
    public void Dispose() => (Proof as IDisposable)?.Dispose();
}
