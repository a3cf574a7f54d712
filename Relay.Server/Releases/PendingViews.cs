using System.Text;
using Relay.Server.Repository;
using Relay.Server.Repository.Pending;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Releases;

/// <summary>Describes pending publications for approvers: not only the files, but the releases, versions and revocations that they mean.</summary>
internal sealed class PendingViews(RepositoryCache repository, RevocationStore revocations, ApprovalService approvals, PendingVersionChanges changes)
{
    /// <param name="isWhole">With the metadata and the documents, for one who signs.</param>
    public PendingView Create(PendingPublication pending, bool isWhole)
    {
        RepositorySnapshot snapshot = repository.Read();
        TrustPolicy? policy = pending.Policy;
        return new()
        {
            Id = pending.Id,
            CreatedAt = pending.Created,
            Version = pending.Version,
            Expires = pending.Expires,
            Threshold = pending.Threshold,
            SignedBy = pending.SignedBy,
            Signers = pending.Signers,
            ProposedBy = pending.ProposedBy,
            Files = [.. pending.Added.Select(file => ViewFile(file, isWhole ? pending.Documents : []))],
            Channels = [.. pending.Channels.Select(channel => new PendingChannelView(channel.Channel, channel.Release, channel.Candidate?.Release))],
            VersionChanges = changes.Find(pending, snapshot),
            SchemaChanges = approvals.FindSchemaChanges(pending, snapshot),
            Releases = [.. pending.Releases.Select(release => new ReleaseView(
                release.Number, [.. release.Models.Select(model => new ModelVersion(model.Name, model.Version))], release.Created))],
            Revokes = policy is null ? [] : FindRevoked(snapshot, policy),
            MinimumRelease = policy is not null && policy.MinimumRelease != snapshot.Policy.MinimumRelease ? policy.MinimumRelease : null,
            Unlists = pending.FindUnlisted(snapshot.Releases.Keys),
            Metadata = isWhole ? Encoding.UTF8.GetString(pending.Metadata.Span) : null,
        };
    }

    private PendingRevocation[] FindRevoked(RepositorySnapshot snapshot, TrustPolicy policy)
    {
        Dictionary<string, RequestedRevocation> requested = revocations.List().ToDictionary(request => request.Sha256, StringComparer.Ordinal);
        return [.. policy.Revoked.Except(snapshot.Policy.Revoked, StringComparer.Ordinal).Select(sha256 =>
            requested.TryGetValue(sha256, out RequestedRevocation? request)
                ? new PendingRevocation(request.Model, request.Version, sha256, request.Reason)
                : Revocation.FindVersion(snapshot, sha256) is { } version
                ? new PendingRevocation(version.Name, version.Version, sha256, null)
                : new PendingRevocation("unknown", 0, sha256, null))];
    }

    private static PendingFileView ViewFile(TargetFile file, IReadOnlyList<PendingDocument> documents) => new(file.Path, file.Length, file.Sha256!)
    {
        Model = file.Label?.Model,
        Version = file.Label?.Version,
        Release = file.Label?.Release,
        Text = documents.FirstOrDefault(document => document.File == file) is { } document ? Encoding.UTF8.GetString(document.Content.Span) : null,
    };
}
