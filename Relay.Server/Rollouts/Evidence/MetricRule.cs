using System.Text.Json.Serialization;
using Shared.Contracts.Json;

namespace Relay.Server.Rollouts.Evidence;

/// <summary>What a metric counts of a node. A node's value is a share: a part of a whole.</summary>
[JsonConverter(typeof(EnumTextConverter<MetricKind>))]
internal enum MetricKind
{
    /// <summary>Failed calls, of all calls.</summary>
    Failures,

    /// <summary>Calls that got no answer because of the call, of all calls.</summary>
    CallerFaults,

    /// <summary>1 for a node that refused the release, 0 for one that runs it.</summary>
    Refused,

    /// <summary>1 for a node that has an artifact of the release in quarantine, 0 for one that runs it.</summary>
    Quarantined,

    /// <summary>Calls that took longer than <see cref="MetricRule.SlowerThanMicroseconds"/>, of all timed calls.</summary>
    Slow,

    /// <summary>Answers with <see cref="MetricRule.Label"/>, of all answers.</summary>
    Label,

    /// <summary>The mean score, from 0 to 1.</summary>
    Score,

    /// <summary>1 for a node that was silent during the whole round, 0 for one that was not. Counted for all nodes at once, when the round ends:
    /// before, only the zeros would be known.</summary>
    Silent,
}

/// <summary>Which difference from the control is harm.</summary>
[JsonConverter(typeof(EnumTextConverter<HarmDirection>))]
internal enum HarmDirection
{
    Higher,
    Lower,
    Both,
}

/// <summary>How the two arms are compared by one metric.</summary>
internal sealed record MetricRule
{
    private const long LongestMicroseconds = 3_600_000_000;

    /// <summary>Unique in the rule.</summary>
    public required string Name { get; init; }

    public required MetricKind Kind { get; init; }

    /// <summary>The highest value of a node, above 0 and at most 1: higher ones are cut, so that no node counts for more. A smaller cap needs
    /// fewer nodes for a pass and sees less of what happens to few nodes.</summary>
    public required double Cap { get; init; }

    /// <summary>The harm bound: a candidate whose mean is at most this above the control's is not failed, but for the error rate.</summary>
    public required double Harm { get; init; }

    /// <summary>The pass margin, at least <see cref="Harm"/>: a candidate whose mean is this or more above the control's does not pass, but for
    /// the error rate.</summary>
    public required double PassMargin { get; init; }

    public required HarmDirection Direction { get; init; }

    /// <summary>True for a metric that is shown and never decides.</summary>
    public required bool Watch { get; init; }

    /// <summary>The whole from which on a node's value counts, such as calls; at least 1 / <see cref="Cap"/> for shares of calls.</summary>
    public required long MinWhole { get; init; }

    /// <summary>For <see cref="MetricKind.Label"/>.</summary>
    public string? Label { get; init; }

    /// <summary>For <see cref="MetricKind.Slow"/>.</summary>
    public long? SlowerThanMicroseconds { get; init; }

    /// <summary>What is wrong with it, or null.</summary>
    public string? FindError() =>
        Name.Length is 0 or > 64 || Name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
            ? "a metric's name is not 1 to 64 letters, digits, dots, hyphens and underscores"
        : !Enum.IsDefined(Kind) || !Enum.IsDefined(Direction) ? $"metric '{Name}' has an unknown kind or direction"
        : Cap is not (> 0 and <= 1) ? $"the cap of metric '{Name}' is not above 0 and at most 1"
        : !(Harm >= 0 && Harm < Cap) ? $"the harm bound of metric '{Name}' is not from 0 to below its cap"
        : !(PassMargin > 0 && PassMargin >= Harm && PassMargin < Cap) ? $"the pass margin of metric '{Name}' is not from " +
            $"its harm bound to below its cap"
        : MinWhole < 1 ? $"metric '{Name}' counts a node from less than 1 on"
        : IsShareOfCalls
            && MinWhole * Cap < 1 - 1e-9 ? $"metric '{Name}' counts a node from {MinWhole} calls on: 1 / cap or more, or single calls reach the cap"
        : Kind == MetricKind.Label && string.IsNullOrEmpty(Label) ? $"metric '{Name}' names no label"
        : Kind == MetricKind.Slow && SlowerThanMicroseconds is not (> 0 and <= LongestMicroseconds)
            ? $"metric '{Name}' names no number of microseconds, up to an hour, above which a call is slow"
        : null;

    private bool IsShareOfCalls => Kind is MetricKind.Failures or MetricKind.CallerFaults or MetricKind.Slow or MetricKind.Label;
}
