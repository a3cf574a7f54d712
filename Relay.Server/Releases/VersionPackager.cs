using Relay.Server.Keys.Signers;
using Relay.Server.Models;
using Relay.Server.Repository;
using Relay.Server.Repository.Publishing;
using Relay.Server.Signing;
using Relay.Server.Storage;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Cms;
using Shared.Contracts.Releases;

namespace Relay.Server.Releases;

/// <summary>
/// Prepares a stored version for publication: its bytes, its signature with a time stamp where an authority is configured, its evidence.
/// It signs at publication and not after training, so that an authority or a key that cannot be reached costs a second try and not a model.
/// </summary>
internal sealed class VersionPackager(
    ArtifactStore artifacts, VersionStore versions, RepositoryCache repository, SigningServices signing, SigningMeter meter,
    TimeProvider timeProvider)
{
    /// <summary>As for one version, of all versions of a release.</summary>
    /// <exception cref="InvalidDataException">There is no such version: the caller has to know that there is.</exception>
    public async Task<Result<SignedArtifacts, PublishRefusal>> PackAsync(IReadOnlyList<ModelVersion> models, CancellationToken cancellationToken)
    {
        List<SignedArtifact> packed = [];
        foreach (ModelVersion model in models)
        {
            StoredVersion version = versions.Find(model.Name, model.Version)
                ?? throw new InvalidDataException($"The relay has no {model.Name} {model.Version} any more.");
            Result<SignedArtifact, PublishRefusal> artifact = await PackAsync(version, cancellationToken);
            if (!artifact.IsAccepted)
            {
                return artifact.Refusal;
            }

            packed.Add(artifact.Value);
        }

        return new SignedArtifacts(packed);
    }

    /// <summary>Refused when nodes would not accept the signature, or the key or the time-stamp authority cannot be reached.</summary>
    public async Task<Result<SignedArtifact, PublishRefusal>> PackAsync(StoredVersion version, CancellationToken cancellationToken)
    {
        byte[] content = artifacts.Read(version.Card.Sha256);
        byte[] signature = artifacts.Read(version.SignatureSha256);
        SignedArtifact artifact = new(version.Card.Name, version.Card.Version, content, signature);

        // A published version keeps its signature and its evidence.
        if (repository.Read().Targets.Files.ContainsKey(TargetPaths.Model(artifact.Model, artifact.Version)))
        {
            return artifact;
        }

        try
        {
            artifact = artifact with
            {
                Signature = signing.Timestamps is { } timestamps ? await timestamps.StampAsync(signature, cancellationToken) : signature,
            };
            return FindRefusal(artifact) is { } refusal
                ? refusal
                : artifact with { Evidence = signing.Evidence.Write(version.Card, version.View.TrainingRun, version.View.CreatedAt) };
        }
        catch (SigningException unavailable)
        {
            meter.CountFailure(SigningMeter.Publication, unavailable);
            return new PublishRefusal(PublishRefusalReason.SigningUnavailable, unavailable.Message);
        }
    }

    /// <summary>Verifies the signature as nodes will: one operator reads the refusal here, instead of one per node.</summary>
    private PublishRefusal? FindRefusal(SignedArtifact artifact)
    {
        string path = TargetPaths.Model(artifact.Model, artifact.Version);
        return CmsVerifier.Verify(
            artifact.Content, artifact.Signature, repository.Anchors(TargetPaths.Anchors), timeProvider.GetUtcNow(), path,
            timestampAnchors: repository.Anchors(TargetPaths.TimestampAnchors)) is { } refusal
            ? new(PublishRefusalReason.SignatureNotAccepted, $"Nodes would refuse {path}: {refusal.Reason}, {refusal.Detail}.")
            : null;
    }
}

/// <summary>The versions of a release, ready to publish.</summary>
internal sealed record SignedArtifacts(IReadOnlyList<SignedArtifact> Artifacts);
