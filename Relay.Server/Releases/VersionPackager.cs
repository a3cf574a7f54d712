using Relay.Server.Models;
using Relay.Server.Repository;
using Relay.Server.Signing;
using Relay.Server.Signing.Evidence;
using Relay.Server.Storage;
using Shared.Contracts.Cms;
using Shared.Contracts.Releases;

namespace Relay.Server.Releases;

/// <summary>
/// Makes a stored version ready to publish: its bytes, its signature with a time stamp where an authority is configured, its evidence.
/// At publication and not after training, so that an authority or a key that cannot be reached costs a second try and not a model.
/// </summary>
internal sealed class VersionPackager(
    ArtifactStore artifacts, RepositoryCache repository, EvidenceWriter evidence, TimestampClient? timestamps,
    TimeProvider time)
{
    /// <exception cref="ArgumentException">Nodes would not accept the signature: its root or its authority is not one
    /// that they pin.</exception>
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

        ReadOnlyMemory<byte> stamped = timestamps is null ? signature : await timestamps.StampAsync(signature, cancellationToken);
        RequireAccepted(artifact with { Signature = stamped });
        return artifact with
        {
            Signature = stamped,
            Evidence = evidence.Write(version.Card, version.View.TrainingRun, version.View.CreatedAt),
        };
    }

    // Better said to one operator than by every node.
    private void RequireAccepted(SignedArtifact artifact)
    {
        string path = TargetPaths.Model(artifact.Model, artifact.Version);
        if (CmsVerifier.Verify(
                artifact.Content, artifact.Signature, repository.Anchors(TargetPaths.Anchors), time.GetUtcNow(), path,
                timestampAnchors: repository.Anchors(TargetPaths.TimestampAnchors)) is { } refusal)
        {
            throw new ArgumentException($"Nodes would refuse {path}: {refusal.Reason}, {refusal.Detail}.", nameof(artifact));
        }
    }
}
