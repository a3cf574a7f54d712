using System.Text.Json.Nodes;
using Relay.Server.Keys.Signers;
using Shared.Contracts.Json;
using Shared.Contracts.Models;
using Shared.Contracts.Releases;

namespace Relay.Server.Signing.Evidence;

/// <summary>A file about a version that third parties verify; nodes do not read it.</summary>
/// <param name="Path">Its target path.</param>
public sealed record EvidenceFile(string Path, ReadOnlyMemory<byte> Content);

/// <summary>Makes the signed evidence of a version: model signature, provenance, test result.</summary>
internal sealed class EvidenceWriter(ModelSigningKey key)
{
    private readonly DsseSigner _signer = new(key);

    /// <param name="made">When the training run ended.</param>
    /// <exception cref="SigningException">The key cannot be reached.</exception>
    public IReadOnlyList<EvidenceFile> Write(ModelCard card, long trainingRun, DateTimeOffset made)
    {
        JsonObject bundle = ModelSignature.Bundle(_signer.Sign(ModelSignature.Statement(card.Name, card.Sha256)), key);
        JsonObject provenance = _signer.Sign(VersionStatements.Provenance(card, trainingRun, made));
        JsonObject testResult = _signer.Sign(VersionStatements.TestResult(card));
        return
        [
            new(TargetPaths.ModelSignature(card.Name, card.Version), EvidenceJson.Write(bundle)),
            new(TargetPaths.Provenance(card.Name, card.Version), EvidenceJson.Write(provenance)),
            new(TargetPaths.TestResult(card.Name, card.Version), EvidenceJson.Write(testResult)),
        ];
    }
}
