using System.Text.Json.Nodes;
using Relay.Server.Keys;
using Relay.Server.Repository.Pending;
using Relay.Server.Storage;
using Shared.Contracts;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository;

/// <content>Publications that wait for signatures of keys which the relay does not hold.</content>
public sealed partial class RepositoryPublisher
{
    /// <summary>What waits for signatures. A publication that another one has overtaken is not among them: it can never become
    /// current, and the next change removes it.</summary>
    public IReadOnlyList<PendingPublication> Pending()
    {
        RepositorySnapshot state = Read();
        return [.. _pending.Ids().Select(id => View(id, state)).OfType<PendingPublication>()];
    }

    /// <summary>Takes the signatures that verify and are by keys which may sign, each key's once. With enough of them the
    /// publication becomes current at once.</summary>
    public async Task<SigningOutcome> SignPendingAsync(
        string id, IReadOnlyList<MetadataSignature> signatures, CancellationToken cancellationToken)
    {
        using FileLock held = await LockAsync(cancellationToken);
        RepositorySnapshot state = Read();
        if (View(id, state) is not { } publication)
        {
            return new(null, null, false);
        }

        byte[] metadata = publication.Metadata.ToArray();
        IReadOnlyList<string> signedBy = publication.SignedBy;
        foreach (MetadataSignature signature in signatures)
        {
            byte[] candidate = MetadataWriter.WithSignature(metadata, signature.KeyId, signature.Signature);
            IReadOnlyList<string> signers = state.Layout.Targets.SignersOf(Untrusted(candidate));
            if (signers.Count > signedBy.Count)
            {
                (metadata, signedBy) = (candidate, signers);
            }
        }

        if (signedBy.Count == publication.SignedBy.Count)
        {
            return new(
                new(RefusalReason.MetadataSignature, RoleNames.Targets, "no signature of another key that may sign verifies"),
                publication, false);
        }

        _pending.ReplaceMetadata(id, metadata);
        publication = publication with { Metadata = metadata, SignedBy = signedBy };
        return new(null, publication, Finish(publication, state));
    }

    /// <summary>Where targets keys are offline and targets expire within <see cref="ExpirySchedule.OfflineNotice"/>, stages the same
    /// targets with a new expiry. Any publication that waits and holds longer serves as well. Null when nothing has to be renewed by people.</summary>
    public async Task<PendingPublication?> StageRenewalAsync(CancellationToken cancellationToken)
    {
        RepositorySnapshot state = Read();
        DateTimeOffset soon = _clock.GetUtcNow() + ExpirySchedule.OfflineNotice;
        if (state.Targets.Expires > soon || _keys.Meet(state.Layout.Targets))
        {
            return null;
        }

        if (Pending().FirstOrDefault(pending => pending.Expires > soon) is { } waiting)
        {
            return waiting;
        }

        string? id = (await ChangeAsync(draft => draft.TargetsChanged = true, cancellationToken)).Pending;
        return Pending().SingleOrDefault(pending => pending.Id == id);
    }

    /// <summary>Gives a publication up. False when there is none under the id.</summary>
    public async Task<bool> DropPendingAsync(string id, CancellationToken cancellationToken)
    {
        using FileLock held = await LockAsync(cancellationToken);
        if (_pending.ReadMetadata(id) is null)
        {
            return false;
        }

        _pending.Remove(id);
        return true;
    }

    /// <summary>A crash may have come between the last signature and the publication, or before the folder was removed.</summary>
    private async Task FinishPendingAsync(CancellationToken cancellationToken)
    {
        using FileLock held = await LockAsync(cancellationToken);
        foreach (PendingPublication publication in Pending())
        {
            Finish(publication, Read());
        }

        RemoveOvertaken(Read());
    }

    private string Stage(RepositoryChange draft, RepositorySnapshot state, DateTimeOffset now)
    {
        RemoveOvertaken(state);
        foreach (PendingPublication present in _pending.Ids().Select(id => View(id, state)).OfType<PendingPublication>())
        {
            if (draft.ChannelKeys is null && present.Expires > now + ExpirySchedule.OfflineNotice
                && Listed(present).SetEquals(draft.Targets) && present.Channels.SequenceEqual(draft.ChangedChannels))
            {
                return present.Id;
            }
        }

        RoleAssignments layout = LayoutAfter(draft, state);
        JsonObject signed = MetadataWriter.Targets(
            _folder.HighestVersion(RoleNames.Targets) + 1, ExpirySchedule.Expiry(RoleNames.Targets, now), draft.Targets, layout.Channels);
        byte[] metadata = MetadataWriter.Sign(signed, _keys.In(layout.Targets));
        PendingSummary summary = PendingSummary.Of(Untrusted(metadata), draft, now);
        _pending.Add(summary.Id, metadata, summary, draft);
        return summary.Id;
    }

    private bool Finish(PendingPublication publication, RepositorySnapshot state)
    {
        if (!publication.IsComplete || publication.Version <= state.Targets.Version)
        {
            return false;
        }

        RepositoryChange draft = new(state);
        foreach (TargetFile file in publication.Added)
        {
            byte[] content = _pending.ReadContent(publication.Id, file)
                ?? throw new InvalidDataException($"The pending publication {publication.Id} lacks '{file.Path}'.");
            if (file.Check(content) is { } refusal)
            {
                throw new InvalidDataException($"The pending publication {publication.Id} is damaged: {refusal.Detail}.");
            }

            draft.SetTarget(file.Path, content, file.Label);
        }

        foreach (ChannelManifest channel in publication.Channels)
        {
            draft.SetChannel(channel);
        }

        RoleAssignments layout = RoleAssignments.Of(state.Root, (TargetsMetadata)Untrusted(publication.Metadata).Metadata);
        if (!layout.Channels.IsSameAs(state.Layout.Channels))
        {
            draft.SetChannelKeys(layout.Channels);
        }

        draft.TargetsChanged = true;
        draft.SignedTargets = new(publication.Version, publication.Metadata.ToArray());
        _writer.Commit(draft, layout, _clock.GetUtcNow());
        _pending.Remove(publication.Id);
        SweepKeys();
        return true;
    }

    private void RemoveOvertaken(RepositorySnapshot state)
    {
        foreach (string id in _pending.Ids().Where(id => View(id, state) is null))
        {
            _pending.Remove(id);
        }
    }

    /// <summary>Null when there is no such publication, or another one has become current since it was made.</summary>
    private PendingPublication? View(string id, RepositorySnapshot state)
    {
        if (_pending.ReadMetadata(id) is not { } metadata)
        {
            return null;
        }

        UntrustedMetadata read = Untrusted(metadata);
        KeyGroup group = state.Layout.Targets;
        return read.Metadata is TargetsMetadata targets && targets.Version > state.Targets.Version
            ? new(
                id, _pending.CreatedAt(id), metadata, targets.Version, targets.Expires, group.Threshold, group.SignersOf(read),
                [.. group.Keys.Select(key => key.Id)],
                [.. targets.Files.Values.Except(state.Targets.Files.Values).OrderBy(file => file.Path, StringComparer.Ordinal)],
                _pending.ReadChannels(id))
            : null;
    }

    private static HashSet<TargetFile> Listed(PendingPublication publication) =>
        [.. ((TargetsMetadata)Untrusted(publication.Metadata).Metadata).Files.Values];

    private static UntrustedMetadata Untrusted(ReadOnlyMemory<byte> file)
    {
        Result<UntrustedMetadata> metadata = UntrustedMetadata.Read(file);
        return metadata.Value ?? throw new InvalidDataException($"A pending publication is damaged: {metadata.Refusal!.Detail}.");
    }
}
