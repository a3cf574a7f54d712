using System.Text.Json.Serialization;

namespace Shared.Contracts.Api;

/// <summary>Body of POST /v1/rollouts. Exactly one of <see cref="Release"/> and <see cref="Models"/> is given.</summary>
public sealed record RolloutRequest
{
    /// <summary>The channel whose nodes get the candidate step by step. It runs a release already.</summary>
    public required string Channel { get; init; }

    /// <summary>An existing release.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Release { get; init; }

    /// <summary>Versions of a new release; models that are absent keep their versions on the channel.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ModelVersion>? Models { get; init; }

    /// <summary>True to start although inputs, classes or task of a model differ from what the channel runs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool SchemaChange { get; init; }

    /// <summary>Null for the default rule.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RolloutRuleView? Rule { get; init; }
}

/// <summary>A rollout, how far it is, and what its evidence says.</summary>
public sealed record RolloutView
{
    public required long Id { get; init; }

    public required string Channel { get; init; }

    /// <summary>The release that the channel ran before, which a halt returns to.</summary>
    public required int Base { get; init; }

    /// <summary>The release that is rolled out; null until it is made.</summary>
    public required int? Candidate { get; init; }

    /// <summary>running, paused, completing, completed, halting, halted or refused.</summary>
    public required string Status { get; init; }

    /// <summary>From 1.</summary>
    public required int Stage { get; init; }

    /// <summary>Of the nodes, that have the candidate now.</summary>
    public required double Percentage { get; init; }

    /// <summary>Rounds are counted from 1 through the whole rollout.</summary>
    public required int Round { get; init; }

    /// <summary>Why it does not go on although it should; null when it does.</summary>
    public string? WaitsFor { get; init; }

    public required string StartedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public required RolloutRuleView Rule { get; init; }

    /// <summary>pass, fail, not yet or no data, of the present round or the last one.</summary>
    public required string Verdict { get; init; }

    /// <summary>Reports of that round that could not be counted. With one of them, the round does not pass; 0 in a list.</summary>
    public long Uncounted { get; init; }

    /// <summary>The evidence of that round; empty in a list.</summary>
    public IReadOnlyList<RolloutMetricVerdict> Metrics { get; init => field = value ?? []; } = [];

    /// <summary>The thresholds of that round; empty in a list.</summary>
    public IReadOnlyList<RolloutThresholdVerdict> Thresholds { get; init => field = value ?? []; } = [];

    /// <summary>The number of nodes by what they are to the rollout: Runs, Waits, Window, Refused, Quarantined, Between, Apart, Late; empty in a
    /// list, and when it is over.</summary>
    public IReadOnlyDictionary<string, long> Nodes { get; init => field = value ?? new Dictionary<string, long>(); } = new Dictionary<string, long>();

    /// <summary>Some of the nodes that refused it, have it in quarantine or stand apart; empty in a list.</summary>
    public IReadOnlyList<RolloutNodeView> Notable { get; init => field = value ?? []; } = [];
}

/// <summary>An arm's nodes, their mean, and the interval that holds the true mean.</summary>
public sealed record RolloutArmView(long Nodes, double Mean, double Low, double High);

/// <summary>What a metric says.</summary>
/// <param name="MoreNodes">About how many more nodes give a verdict if the means stay as they are; null where it is not known.</param>
public sealed record RolloutMetricVerdict(
    string Metric, bool Watch, string Verdict, RolloutArmView Candidate, RolloutArmView Control, long? MoreNodes);

/// <summary>What a threshold says: the nodes with the candidate above it, and all of them.</summary>
public sealed record RolloutThresholdVerdict(string Metric, string Verdict, long Count, long Nodes);

/// <summary>A node and what it is to a rollout.</summary>
/// <param name="Arm">Candidate or Control; null for a node in neither.</param>
public sealed record RolloutNodeView(string Node, string? Arm, string Standing, DateTimeOffset SeenAt);

/// <summary>An event in the history of a rollout.</summary>
/// <param name="Who">The identity of the API key, or <c>relay</c>.</param>
public sealed record RolloutEventView(long Id, DateTimeOffset At, string Kind, string Detail, string Who);
