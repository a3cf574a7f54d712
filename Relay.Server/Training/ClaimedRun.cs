using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Training;

/// <summary>A run that the worker has taken, with the spec of the time when it was queued.</summary>
internal sealed record ClaimedRun(long Id, ModelSpec Spec, TrainingDataSource Data)
{
    /// <summary>When it was queued.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>1 for the first time; an attempt that the stop of a relay ended does not count.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>Says that a newer version queued the run with a spec that this one does not know all of; null otherwise.</summary>
    public string? UnknownMember { get; init; }

    /// <summary>The gates that were accepted in advance.</summary>
    public IReadOnlyList<GateAcceptance> Accept { get; init; } = [];

    /// <summary>Those gates, each with its reason.</summary>
    public IReadOnlyDictionary<string, string> Reasons => Accept.ToDictionary(a => a.Gate, a => a.Reason, StringComparer.Ordinal);
}
