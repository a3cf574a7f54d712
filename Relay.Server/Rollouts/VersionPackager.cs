using Relay.Server.Models;
using Relay.Server.Storage;
using Relay.Server.Trust;
using Relay.Server.Trust.Evidence;
using Relay.Server.Trust.Signing;
using Shared.Contracts.Trust;

namespace Relay.Server.Rollouts;

/// <summary>
/// Makes a stored version ready to publish: its bytes, its signature with a time stamp where an authority is configured, its evidence.
/// At publication and not after training, so that an authority or a key that cannot be reached costs a second try and not a model.
/// </summary>
internal sealed class VersionPackager(
    ArtifactStore artifacts, CurrentRepository repository, EvidenceWriter evidence, TimestampClient? timestamps)
{
    /// <exception cref="SigningException">The key or the time-stamp authority cannot be reached.</exception>
    public async Task<SignedArtifact> PackAsync(StoredVersion version, CancellationToken cancellationToken)
    {
        byte[] content = artifacts.Read(version.Card.Sha256);
        byte[] signature = artifacts.Read(version.SignatureSha256);
        SignedArtifact artifact = new(version.Card.Name, version.Card.Version, content, signature);

        // What was published keeps the signature and the evidence that it has.
        if (repository.Read().Targets.Files.ContainsKey(TargetPaths.Model(artifact.Model, artifact.Version)))
        {
            return artifact;
        }

        return artifact with
        {
            Signature = timestamps is null ? signature : await timestamps.StampAsync(signature, cancellationToken),
            Evidence = evidence.Write(version.Card, version.View.TrainingRun, version.View.CreatedAt),
        };
    }
}
