using Relay.Server.Rollouts.Evidence;
using Relay.Server.Rollouts.Planning;
using Shared.Contracts.Api;

namespace Relay.Server.Rollouts;

/// <summary>The rule of a rollout between the API and the planner. Pure.</summary>
internal static class RolloutRules
{
    private const double Cap = 0.05;
    private const int MinNodes = 20;
    private static readonly TimeSpan Round = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan MinTime = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan MaxWait = TimeSpan.FromDays(1);

    /// <summary>A rule of what the request gives and the defaults.</summary>
    /// <param name="tolerated">Where the request does not say it.</param>
    /// <returns>Null, with the error, for an unknown name; other errors are the rule's own to find.</returns>
    public static RolloutRule? Create(RolloutRuleView? view, int candidate, int control, string salt, int tolerated, out string? error)
    {
        view ??= new();
        tolerated = view.Tolerated ?? tolerated;
        error = view.Metrics?.Where(metric => !IsName<MetricKind>(metric.Kind) || !IsName<HarmDirection>(metric.Direction))
            .Select(metric => $"the kind or the direction of metric '{metric.Name}' is unknown")
            .FirstOrDefault();
        return error is not null ? null : new RolloutRule
        {
            Candidate = candidate,
            Control = control,
            ReturnTo = control,
            Salt = salt,
            Stages = [.. (view.Stages ?? [new(1), new(10), new(50), new(100)]).Select(ToStage)],
            Round = view.RoundSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : Round,
            Ramp = view.Ramp is { } ramp ? new(ramp.Start, ramp.Factor, ramp.MaxPerMinute) : null,
            Window = view.Window is { } window ? new(window.From, window.To) : null,
            Evidence = new()
            {
                Alpha = view.Alpha ?? 0.05,
                Tolerated = tolerated,
                MinNodes = view.MinNodes ?? MinNodes,
                Metrics = [.. view.Metrics?.Select(ToMetric) ?? DefaultMetrics()],
                Thresholds = view.Thresholds is { } given ? [.. given.Select(ToThreshold)] : view.Metrics is null ? DefaultThresholds(tolerated) : [],
            },
        };
    }

    public static RolloutRuleView ToView(RolloutRule rule) => new()
    {
        Stages = [.. rule.Stages.Select(stage => new RolloutStageView(stage.Percentage, (int)stage.MinTime.TotalSeconds,
            (int)stage.MaxWait.TotalSeconds))],
        RoundSeconds = (int)rule.Round.TotalSeconds,
        Alpha = rule.Evidence.Alpha,
        Tolerated = rule.Evidence.Tolerated,
        MinNodes = rule.Evidence.MinNodes,
        Metrics = [.. rule.Evidence.Metrics.Select(ToView)],
        Thresholds = [.. rule.Evidence.Thresholds.Select(threshold => new RolloutThresholdView(threshold.Metric, threshold.Above, threshold.Share,
            threshold.MinCount))],
        Ramp = rule.Ramp is { } ramp ? new(ramp.Start, ramp.Factor, ramp.MaxPerMinute) : null,
        Window = rule.Window is { } window ? new(window.From, window.To) : null,
    };

    private static MetricRule[] DefaultMetrics() =>
    [
        new()
        {
            Name = "failures", Kind = MetricKind.Failures, Cap = Cap, Harm = 0.005, PassMargin = 0.01,
            Direction = HarmDirection.Higher, Watch = false,
            MinWhole = 20,
        },
        Fact("refused", MetricKind.Refused),
        Fact("quarantined", MetricKind.Quarantined),
        Fact("silent", MetricKind.Silent),
    ];

    // Rare events of a node: too few for a comparison, so that the thresholds decide on them.
    private static MetricRule Fact(string name, MetricKind kind) => new()
    {
        Name = name,
        Kind = kind,
        Cap = 1,
        Harm = 0.02,
        PassMargin = 0.05,
        Direction = HarmDirection.Higher,
        Watch = true,
        MinWhole = 1,
    };

    private static ThresholdRule[] DefaultThresholds(int tolerated) =>
    [
        new("failures", 0.9 * Cap, 0.05, tolerated + 3),
        new("refused", 0, 0.05, tolerated + 3),
        new("quarantined", 0, 0.02, tolerated + 2),
        new("silent", 0, 0.3, tolerated + 5),
    ];

    private static RolloutStage ToStage(RolloutStageView stage) => new(
        stage.Percentage,
        stage.MinSeconds is { } min ? TimeSpan.FromSeconds(min) : MinTime,
        stage.MaxSeconds is { } max ? TimeSpan.FromSeconds(max) : MaxWait);

    private static MetricRule ToMetric(RolloutMetricView metric) => new()
    {
        Name = metric.Name,
        Kind = Enum.Parse<MetricKind>(metric.Kind),
        Cap = metric.Cap,
        Harm = metric.Harm,
        PassMargin = metric.PassMargin,
        Direction = Enum.Parse<HarmDirection>(metric.Direction),
        Watch = metric.Watch,
        MinWhole = metric.MinWhole,
        Label = metric.Label,
        SlowerThanMicroseconds = metric.SlowerThanMicroseconds,
    };

    private static RolloutMetricView ToView(MetricRule metric) => new()
    {
        Name = metric.Name,
        Kind = metric.Kind.ToString(),
        Cap = metric.Cap,
        Harm = metric.Harm,
        PassMargin = metric.PassMargin,
        Direction = metric.Direction.ToString(),
        Watch = metric.Watch,
        MinWhole = metric.MinWhole,
        Label = metric.Label,
        SlowerThanMicroseconds = metric.SlowerThanMicroseconds,
    };

    private static ThresholdRule ToThreshold(RolloutThresholdView threshold) =>
        new(threshold.Metric, threshold.Above, threshold.Share, threshold.MinCount);

    // A number in text would parse, too.
    private static bool IsName<T>(string name)
        where T : struct, Enum => Enum.GetNames<T>().Contains(name, StringComparer.Ordinal);
}
