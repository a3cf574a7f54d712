using System.Diagnostics;
using Relay.Server.Telemetry;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;

namespace Relay.Server.Repository.Publishing;

/// <summary>Publishes releases and points channels to them.</summary>
public sealed class ReleasePublisher(TufRepository repository)
{
    /// <summary>Joins a publication with the training runs of its models; null: it belongs to its request alone.</summary>
    internal RelayTraces? Traces { get; init; }

    /// <summary>
    /// Adds the artifacts, makes the next release with them and points the channel to it, in one change. When the channel's release
    /// (or its candidate) already is exactly this, that release is returned and nothing changes: a caller may repeat itself after a crash.
    /// </summary>
    /// <exception cref="ArgumentException">A name is not plain, or the request has two artifacts of one model, or none and no model that
    /// leaves.</exception>
    public async Task<Result<Publication, PublishRefusal>> PublishAsync(PublishRequest request, CancellationToken cancellationToken)
    {
        ThrowIfNotPlain([request.Channel, .. request.Artifacts.Select(artifact => artifact.Model)]);
        if ((request.Artifacts.Count == 0 && request.Without.Count == 0)
            || request.Artifacts.DistinctBy(artifact => artifact.Model).Count() != request.Artifacts.Count)
        {
            throw new ArgumentException("A release needs artifacts, each of another model.", nameof(request));
        }

        using Activity? span = Traces?.StartAfter(
            "publish", [.. request.Artifacts.Select(artifact => TraceStep.Version(artifact.Model, artifact.Version))]);
        span?.SetTag("relay.channel", request.Channel);
        try
        {
            Result<Publication, PublishRefusal> result = await PublishOnceAsync(request, cancellationToken);
            if (result.IsAccepted)
            {
                span?.SetTag("relay.release", result.Value.Release.Number);
                Traces?.Note(TraceStep.Release(result.Value.Release.Number), span);
            }
            else
            {
                RelayTraces.Fail(span, result.Refusal.Reason.ToString());
            }

            return result;
        }
        catch (Exception e)
        {
            RelayTraces.Fail(span, e.GetType().Name);
            throw;
        }
    }

    private async Task<Result<Publication, PublishRefusal>> PublishOnceAsync(PublishRequest request, CancellationToken cancellationToken)
    {
        using RepositoryTransaction transaction = await repository.BeginAsync(cancellationToken);
        if (FindReservationRefusal(request.Channel, request.Reservation) is { } reserved)
        {
            return reserved;
        }

        if (FindArchived(request.Artifacts.Select(artifact => artifact.Model)) is { } archived)
        {
            return archived;
        }

        RepositoryChange change = transaction.StartChange();
        if (DeletedVersions.FindRefusal(repository.StoredVersions, request, change) is { } deleted)
        {
            return deleted;
        }

        Result<ReleaseManifest, PublishRefusal> release =
            ReleaseComposer.Compose(change.Published, change, request, repository.TimeProvider.GetUtcNow());
        if (!release.IsAccepted)
        {
            return release.Refusal;
        }

        (change.AcceptsSchemaChange, change.ProposedBy) = (request.AcceptsSchemaChange, request.ProposedBy);
        if (FindSchemaChange(change) is { } refusal)
        {
            return refusal;
        }

        return new Publication(release.Value, transaction.Complete(change));
    }

    /// <summary>
    /// Points the channel to a release that exists. An operator's rollback is this with an older release: higher metadata versions
    /// that lead to old bytes.
    /// </summary>
    /// <returns>Null when the channel points to the release; else why nothing was changed.</returns>
    /// <exception cref="ArgumentException">The channel's name is not plain.</exception>
    public Task<PublishRefusal?> PointChannelAsync(
        string channel, int release, ReleaseCandidate? candidate, CancellationToken cancellationToken) =>
        PointChannelAsync(channel, release, candidate, acceptsSchemaChange: false, cancellationToken);

    /// <inheritdoc cref="PointChannelAsync(string, int, ReleaseCandidate?, CancellationToken)"/>
    /// <param name="acceptsSchemaChange">True to point it there although inputs, classes or task of a model differ from what the channel
    /// runs.</param>
    public Task<PublishRefusal?> PointChannelAsync(
        string channel, int release, ReleaseCandidate? candidate, bool acceptsSchemaChange, CancellationToken cancellationToken) =>
        PointChannelAsync(channel, release, candidate, acceptsSchemaChange, reservation: null, cancellationToken);

    /// <inheritdoc cref="PointChannelAsync(string, int, ReleaseCandidate?, bool, CancellationToken)"/>
    /// <param name="reservation">The rollout that asks; null for anyone else.</param>
    internal async Task<PublishRefusal?> PointChannelAsync(
        string channel, int release, ReleaseCandidate? candidate, bool acceptsSchemaChange, ChannelReservation? reservation,
        CancellationToken cancellationToken)
    {
        ThrowIfNotPlain([channel]);
        using RepositoryTransaction transaction = await repository.BeginAsync(cancellationToken);
        if (FindReservationRefusal(channel, reservation) is { } reserved)
        {
            return reserved;
        }

        RepositoryChange change = transaction.StartChange();
        foreach (int number in (int[])[release, candidate?.Release ?? release])
        {
            if (!change.Published.Releases.ContainsKey(number))
            {
                return new(PublishRefusalReason.UnknownRelease, $"Release {number} is not listed.");
            }

            if (change.Published.Policy.CheckRelease(number) is not null)
            {
                return new(PublishRefusalReason.ReleaseBelowMinimum, $"Release {number} is below the minimum release.");
            }
        }

        if (FindArchived(NewModels(change.Published, channel, [release, candidate?.Release ?? release])) is { } archived)
        {
            return archived;
        }

        change.SetChannel(new(channel, release, candidate));
        change.AcceptsSchemaChange = acceptsSchemaChange;
        if (FindSchemaChange(change) is { } refusal)
        {
            return refusal;
        }

        transaction.Complete(change);
        return null;
    }

    private PublishRefusal? FindReservationRefusal(string channel, ChannelReservation? asking)
    {
        ChannelReservation? running = repository.Reservations?.Find(channel);
        return running == asking ? null
            : running is not null ? new(
                PublishRefusalReason.RolloutRunning,
                $"Rollout {running.Rollout} runs on the channel '{channel}'. Wait for its end, or end it by 'relay rollout halt {running.Rollout}'.")
            {
                Rollout = running.Rollout,
            }
            : new(PublishRefusalReason.RolloutOver, $"Rollout {asking!.Rollout} on the channel '{channel}' is over.");
    }

    /// <summary>The models of releases that the channel does not name yet: a way back that it names is never refused.</summary>
    private static IEnumerable<string> NewModels(RepositorySnapshot snapshot, string channel, int[] releases) =>
        releases.Except(snapshot.Channels.TryGetValue(channel, out ChannelManifest? named) ? [named.Release, named.Candidate?.Release ?? 0] : [])
            .SelectMany(release => snapshot.Releases[release].Models)
            .Select(model => model.Name);

    private PublishRefusal? FindArchived(IEnumerable<string> models) => repository.ArchivedModels?.FindArchived([.. models]) is { } archived
        ? new(PublishRefusalReason.ModelArchived, $"The model '{archived}' is archived. Restore it by 'relay model restore {archived}'.")
        {
            Model = archived,
        }
        : null;

    private PublishRefusal? FindSchemaChange(RepositoryChange change)
    {
        if (change.AcceptsSchemaChange || repository.SchemaChanges.Find(change) is not { Count: > 0 } changes)
        {
            return null;
        }

        string models = string.Join(". ", changes.Select(found => found.Describe()));
        return new PublishRefusal(PublishRefusalReason.SchemaChange, $"{models}.") { SchemaChanges = changes };
    }

    private static void ThrowIfNotPlain(IEnumerable<string> names)
    {
        if (names.FirstOrDefault(name => !TargetPaths.IsSafeName(name)) is { } unsafeName)
        {
            throw new ArgumentException($"'{unsafeName}' is not a plain name.", nameof(names));
        }
    }
}
