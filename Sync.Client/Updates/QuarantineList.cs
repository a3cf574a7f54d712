using Shared.Contracts;
using Shared.Contracts.Api;
using Sync.Client.Storage;

namespace Sync.Client.Updates;

/// <summary>The artifacts that verified but failed their try-out, by digest, kept over restarts. Bytes that do not verify never get here:
/// the same digest may arrive intact next time.</summary>
/// <remarks>A wrong answer stays wrong. An exceeded budget of time or memory may be caused by this machine: such an artifact is tried out
/// again after 1, 2, 4, 8 and 16 minutes, and stays in quarantine when it exceeds the budget each time.</remarks>
internal sealed class QuarantineList(NodeStore store, TimeProvider timeProvider)
{
    private const int MaxTryOuts = 6;
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestRetry = FirstRetry * (1 << (MaxTryOuts - 2));
    private volatile IReadOnlyList<QuarantineEntry> _entries = store.ReadQuarantine();

    public IReadOnlyList<QuarantinedArtifact> Artifacts => [.. _entries.Select(e => e.Artifact)];

    public void Add(PlannedModel model, RefusalReason reason)
    {
        QuarantineEntry? before = _entries.FirstOrDefault(e => e.Artifact.Sha256 == model.Sha256);
        int failures = (before?.Failures ?? 0) + 1;
        DateTimeOffset? retryAt = reason is RefusalReason.TryOutTooSlow or RefusalReason.TryOutTooLarge && failures < MaxTryOuts
            ? timeProvider.GetUtcNow() + (FirstRetry * (1 << (failures - 1)))
            : null;
        QuarantinedArtifact artifact = new(model.Name, model.Version, model.Sha256, reason.ToString());
        Keep([.. _entries.Where(e => e != before), new QuarantineEntry(artifact, failures, retryAt)]);
    }

    /// <summary>Removes an artifact that passed a later try-out.</summary>
    public void Remove(string sha256)
    {
        if (_entries.Any(e => e.Artifact.Sha256 == sha256))
        {
            Keep([.. _entries.Where(e => e.Artifact.Sha256 != sha256)]);
        }
    }

    /// <summary>Removes one artifact, or all where the digest is null, for an operator, and returns their digests.</summary>
    /// <exception cref="IOException">The store cannot be written: all stay.</exception>
    public IReadOnlyList<string> Lift(string? sha256)
    {
        string[] lifted = [.. _entries.Select(e => e.Artifact.Sha256).Where(d => sha256 is null || d == sha256)];
        if (lifted.Length > 0)
        {
            QuarantineEntry[] left = [.. _entries.Where(e => !lifted.Contains(e.Artifact.Sha256))];
            store.WriteQuarantine(left);
            _entries = left;
        }

        return lifted;
    }

    /// <summary>The refusal of the first model that is in quarantine and not due for another try-out: one is enough to refuse its
    /// whole release.</summary>
    public Refusal? Check(PlannedRelease release)
    {
        foreach (PlannedModel model in release.Models)
        {
            if (_entries.FirstOrDefault(e => e.Artifact.Sha256 == model.Sha256) is { } found
                && !IsDue(found))
            {
                // A reason of a newer version keeps the artifact in quarantine all the same.
                bool isKnown = Enum.TryParse(found.Artifact.Reason, out RefusalReason reason) && Enum.IsDefined(reason);
                return new(
                    isKnown ? reason : RefusalReason.ScorerUnavailable, model.File.Path,
                    !isKnown ? $"in quarantine, for the reason {found.Artifact.Reason} of another version of this node"
                        : found.RetryAt is { } at
                            ? $"exceeded its budget {found.Failures} times on this node; the next try-out is after {at:u}"
                            : "in quarantine, because it failed its try-out on this node");
            }
        }

        return null;
    }

    /// <summary>Writes the list again where the store lost it.</summary>
    public void WriteIfMissing()
    {
        if (_entries.Count > 0 && !store.HasQuarantine)
        {
            store.WriteQuarantineWhenPossible(_entries);
        }
    }

    // A clock that was set back does not make the wait longer than any wait is.
    private bool IsDue(QuarantineEntry entry) =>
        entry.RetryAt is { } at && timeProvider.GetUtcNow() is var now && (at <= now || at - now > LongestRetry);

    private void Keep(IReadOnlyList<QuarantineEntry> entries)
    {
        _entries = entries;
        store.WriteQuarantineWhenPossible(entries);
    }
}
