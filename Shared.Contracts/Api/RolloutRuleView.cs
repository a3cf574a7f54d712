using System.Text.Json.Serialization;

namespace Shared.Contracts.Api;

/// <summary>What decides how a rollout goes. In a request, absent members have their defaults.</summary>
public sealed record RolloutRuleView
{
    /// <summary>The percentages of the stages and how long they last; the last one is 100.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RolloutStageView>? Stages { get; init; }

    /// <summary>The length of a round: each node counts once in it. At least three times the time between the reports of a node.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RoundSeconds { get; init; }

    /// <summary>The probability, at most, with which a harmless candidate is halted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Alpha { get; init; }

    /// <summary>The number of nodes that may report anything without causing a verdict.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Tolerated { get; init; }

    /// <summary>The nodes of each arm before a metric may pass.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MinNodes { get; init; }

    /// <summary>How the arms are compared.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RolloutMetricView>? Metrics { get; init; }

    /// <summary>Plain limits for rare events.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RolloutThresholdView>? Thresholds { get; init; }

    /// <summary>How a stage is reached; absent: at once.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RolloutRampView? Ramp { get; init; }

    /// <summary>When more nodes may be reached; absent: at any time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RolloutWindowView? Window { get; init; }
}

/// <summary>A stage of a rollout.</summary>
/// <param name="Percentage">Of the nodes, in steps of 0.01.</param>
/// <param name="MinSeconds">The time at the percentage before the next stage; absent: the default of the relay.</param>
/// <param name="MaxSeconds">The time after which the rollout is halted when the stage has not passed; absent: the default of the relay.</param>
public sealed record RolloutStageView(double Percentage, int? MinSeconds = null, int? MaxSeconds = null);

/// <summary>A metric by which candidate and control are compared. The value of a node is a share from 0 to 1.</summary>
public sealed record RolloutMetricView
{
    /// <summary>Unique in the rule.</summary>
    public required string Name { get; init; }

    /// <summary>Failures, CallerFaults, Refused, Quarantined, Slow, Label, Score or Silent.</summary>
    public required string Kind { get; init; }

    /// <summary>The highest value of a node: higher ones are cut.</summary>
    public required double Cap { get; init; }

    /// <summary>A candidate that is worse by at most this is not halted, but for the error rate.</summary>
    public required double Harm { get; init; }

    /// <summary>A candidate that is worse by this or more does not pass, but for the error rate.</summary>
    public required double PassMargin { get; init; }

    /// <summary>Higher, Lower or Both: which difference is harm.</summary>
    public string Direction { get; init => field = value ?? "Higher"; } = "Higher";

    /// <summary>True for a metric that is shown and never decides.</summary>
    public bool Watch { get; init; }

    /// <summary>The calls, or other parts of the whole, from which on a node counts in a round.</summary>
    public long MinWhole { get; init => field = value == 0 ? 1 : value; } = 1;

    /// <summary>For the kind Label.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Label { get; init; }

    /// <summary>For the kind Slow.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SlowerThanMicroseconds { get; init; }
}

/// <summary>Too many nodes above a value halt the rollout, whatever the control shows.</summary>
/// <param name="Metric">Whose values count.</param>
/// <param name="Above">A node counts when its value is above this.</param>
/// <param name="Share">Of the nodes with the candidate, from 0 to below 1.</param>
/// <param name="MinCount">Fewer nodes are never too many.</param>
public sealed record RolloutThresholdView(string Metric, double Above, double Share, int MinCount);

/// <summary>One step a minute: the first adds <paramref name="Start"/> percent of the nodes, each later one <paramref name="Factor"/> times
/// the one before, and none more than <paramref name="MaxPerMinute"/>.</summary>
public sealed record RolloutRampView(double Start, double Factor, double MaxPerMinute);

/// <summary>A time of day, UTC, such as 22:00 to 04:00.</summary>
public sealed record RolloutWindowView(TimeOnly From, TimeOnly To);
