using Relay.Server.ObjectStore.Copying;
using Shared.Contracts.Api;

namespace Relay.Server.ObjectStore;

/// <summary>How far the bucket is, for all threads. The worker writes it.</summary>
internal sealed class CopyStatus(ObjectStoreSettings settings)
{
    /// <summary>The conflicts that are named; the number of all is a metric.</summary>
    private const int MaximumConflicts = 20;

    private readonly Lock _gate = new();
    private volatile CopyState _state = new() { Bucket = settings.Name };

    public CopyState State => _state;

    /// <summary>The state as programs and operators see it.</summary>
    public ObjectStoreView View => Describe(_state);

    /// <summary>The relay serves this timestamp.</summary>
    public void NoteCurrent(long version, DateTimeOffset now) => Set(state =>
        state.Current == version ? state : state with { Current = version, BehindSince = state.BehindSince ?? now });

    public void NoteMissing(int files) => Set(state => state with { Missing = files });

    /// <summary>A comparison ended.</summary>
    /// <param name="problem">Why the bucket does not have the timestamp all the same; null: it has.</param>
    public void NoteReport(CopyReport report, string? problem, DateTimeOffset now) => Set(state => state with
    {
        Copied = problem is null ? report.Timestamp : state.Copied,
        ComparedAt = problem is null ? now : state.ComparedAt,
        BehindSince = problem is null && report.Timestamp >= state.Current ? null : state.BehindSince ?? now,
        Missing = 0,
        Conflicts = report.Conflicts,
        Problem = problem,
        Verified = report.Verified,
    });

    public void NoteFailure(string problem, DateTimeOffset now) =>
        Set(state => state with { Problem = problem, BehindSince = state.BehindSince ?? now });

    private static ObjectStoreView Describe(CopyState state) => new()
    {
        Bucket = state.Bucket,
        Current = state.Current,
        Copied = state.Copied,
        ComparedAt = state.ComparedAt,
        BehindSince = state.BehindSince,
        Missing = state.Missing,
        Conflicts = [.. state.Conflicts.Take(MaximumConflicts).Select(conflict => $"{conflict.Path}: {conflict.Problem}")],
        Problem = state.Problem,
    };

    private void Set(Func<CopyState, CopyState> change)
    {
        lock (_gate)
        {
            _state = change(_state);
        }
    }
}
