using Relay.Server.Keys;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository.Pending;

/// <summary>Collects the signatures of offline keys on publications that wait, and publishes what enough keys have signed.</summary>
public sealed class ApprovalService(TufRepository repository)
{
    private readonly PendingPublications _pending = repository.Pending;

    /// <summary>What waits for signatures, without test results.</summary>
    public IReadOnlyList<PendingPublication> List() => _pending.List(repository.Read());

    /// <summary>Null when nothing waits under the id.</summary>
    public PendingPublication? Find(string id) => _pending.Find(id, repository.Read());

    /// <summary>Takes the signatures that verify and are by keys which may sign, each key's once. With enough of them the
    /// publication becomes current at once.</summary>
    public async Task<Result<Approval, ApprovalRefusal>> SignAsync(
        string id, IReadOnlyList<MetadataSignature> signatures, CancellationToken cancellationToken)
    {
        using RepositoryTransaction transaction = await repository.BeginAsync(cancellationToken);
        RepositorySnapshot snapshot = transaction.Read();
        if (_pending.Find(id, snapshot) is not { } publication)
        {
            return new ApprovalRefusal(ApprovalRefusalReason.UnknownPublication, $"nothing waits for signatures under '{id}'");
        }

        byte[] metadata = publication.Metadata.ToArray();
        IReadOnlyList<string> signedBy = publication.SignedBy;
        foreach (MetadataSignature signature in signatures)
        {
            byte[] candidate = MetadataWriter.WithSignature(metadata, signature.KeyId, signature.Signature);
            IReadOnlyList<string> signers = snapshot.Assignments.Targets.SignersOf(PendingPublications.Parse(candidate));
            if (signers.Count > signedBy.Count)
            {
                (metadata, signedBy) = (candidate, signers);
            }
        }

        if (signedBy.Count == publication.SignedBy.Count)
        {
            return new ApprovalRefusal(ApprovalRefusalReason.NoNewSignature, "no signature of another key that may sign verifies");
        }

        publication = publication with { Metadata = metadata, SignedBy = signedBy };
        if (FindRefusal(publication, snapshot) is { } refusal)
        {
            return refusal;
        }

        _pending.ReplaceMetadata(id, metadata);
        return new Approval(publication, TryPublish(publication, snapshot, transaction));
    }

    /// <summary>Discards a publication. False when there is none under the id.</summary>
    public async Task<bool> DropAsync(string id, CancellationToken cancellationToken)
    {
        using RepositoryTransaction transaction = await repository.BeginAsync(cancellationToken);
        if (!_pending.Contains(id))
        {
            return false;
        }

        _pending.Remove(id);
        return true;
    }

    /// <summary>Continues after a crash, which may have come between the last signature and the publication, or before the folder was
    /// removed.</summary>
    internal async Task ResumeAsync(CancellationToken cancellationToken)
    {
        using RepositoryTransaction transaction = await repository.BeginAsync(cancellationToken);
        foreach (PendingPublication publication in List())
        {
            RepositorySnapshot snapshot = transaction.Read();
            if (FindRefusal(publication, snapshot) is null)
            {
                TryPublish(publication, snapshot, transaction);
            }
        }

        _pending.RemoveSuperseded(transaction.Read());
    }

    private bool TryPublish(PendingPublication publication, RepositorySnapshot snapshot, RepositoryTransaction transaction)
    {
        if (!publication.IsComplete || publication.Version <= snapshot.Targets.Version)
        {
            return false;
        }

        RepositoryChange change = ToChange(publication, snapshot);
        RoleAssignments assignments = RoleAssignments.FromMetadata(
            snapshot.Root, (TargetsMetadata)PendingPublications.Parse(publication.Metadata).Metadata);
        if (!assignments.Channels.IsSameAs(snapshot.Assignments.Channels))
        {
            change.SetChannelKeys(assignments.Channels);
        }

        change.TargetsChanged = true;
        change.SignedTargets = new(publication.Version, publication.Metadata.ToArray());
        transaction.Commit(change, assignments);
        _pending.Remove(publication.Id);
        transaction.DeleteReplacedKeys();
        return true;
    }

    /// <summary>The models whose schema differs from what the channels of the publication run now; none where its files cannot be read, which also
    /// keeps it from becoming current.</summary>
    internal IReadOnlyList<SchemaChange> FindSchemaChanges(PendingPublication publication, RepositorySnapshot snapshot)
    {
        try
        {
            return publication.Channels.Count == 0 ? [] : repository.SchemaChanges.Find(ToChange(publication, snapshot));
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    private ApprovalRefusal? FindRefusal(PendingPublication publication, RepositorySnapshot snapshot) =>
        FindReservation(publication) ?? UnlistedReleases.Find(publication, snapshot) ?? FindSchemaChange(publication, snapshot);

    // A rollout may have begun while the publication waited, or may be over: its candidate would have no one who takes it back.
    private ApprovalRefusal? FindReservation(PendingPublication publication) => publication.IsComplete && repository.Reservations is { } reservations
        ? publication.Channels.Select(channel => FindReservation(publication, channel, reservations.Find(channel.Channel)))
            .FirstOrDefault(found => found is not null)
        : null;

    private static ApprovalRefusal? FindReservation(PendingPublication publication, ChannelManifest channel, ChannelReservation? running) =>
        running?.Salt == channel.Candidate?.Salt ? null
        : running is not null ? new(
            ApprovalRefusalReason.RolloutRunning,
            $"rollout {running.Rollout} runs on the channel '{channel.Channel}': sign when it is over, or end it by 'relay " +
                $"rollout halt {running.Rollout}'")
        : new(
            ApprovalRefusalReason.RolloutOver,
            $"the rollout on the channel '{channel.Channel}' that it is for is over: drop it by DELETE /v1/pending/{publication.Id}");

    // A channel may have been pointed elsewhere while the publication waited.
    private ApprovalRefusal? FindSchemaChange(PendingPublication publication, RepositorySnapshot snapshot) =>
        publication is { IsComplete: true, AcceptsSchemaChange: false }
        && repository.SchemaChanges.Find(ToChange(publication, snapshot)) is { Count: > 0 } changes
            ? new ApprovalRefusal(
                ApprovalRefusalReason.SchemaChange,
                $"{changes[0].Describe()}; publish the same again with schemaChange to accept it and sign then, or drop this publication")
            : null;

    private RepositoryChange ToChange(PendingPublication publication, RepositorySnapshot snapshot)
    {
        RepositoryChange change = new(snapshot);
        foreach (TargetFile file in publication.Added)
        {
            change.SetTarget(file, ReadContent(publication, file));
        }

        foreach (ChannelManifest channel in publication.Channels)
        {
            change.SetChannel(channel);
        }

        return change;
    }

    private byte[] ReadContent(PendingPublication publication, TargetFile file)
    {
        byte[] content = _pending.ReadContent(publication.Id, file)
            ?? throw new InvalidDataException($"The pending publication {publication.Id} lacks '{file.Path}'.");
        return file.Check(content) is { } refusal
            ? throw new InvalidDataException($"The pending publication {publication.Id} is damaged: {refusal.Detail}.")
            : content;
    }
}
