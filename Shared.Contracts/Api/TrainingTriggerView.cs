using System.Text.Json.Serialization;

namespace Shared.Contracts.Api;

/// <summary>Body of POST <see cref="Routes.Triggers"/>: starts training runs by itself.</summary>
/// <param name="Model">Name of a model whose spec the relay holds; each run takes the spec of its time.</param>
/// <param name="Data">As of a run. Without a position, each run sees its dataset as it is when it starts.</param>
public sealed record TrainingTriggerRequest(string Model, TrainingDataSource Data, TriggerRule Rule);

/// <summary>When a trigger starts a run; exactly one member is given.</summary>
public sealed record TriggerRule
{
    /// <summary>Each day at this time in UTC.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeOnly? DailyAt { get; init; }

    /// <summary>When the dataset has as many samples and labels more than at the last run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? NewSamples { get; init; }

    /// <summary>When the population stability index of a column that the model reads, between the samples of before the last run and those since, is
    /// above this.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Drift { get; init; }
}

/// <summary>A trigger of the relay.</summary>
public sealed record TrainingTriggerView
{
    public required long Id { get; init; }

    public required string Model { get; init; }

    public required TrainingDataSource Data { get; init; }

    public required TriggerRule Rule { get; init; }

    /// <summary>A paused trigger starts nothing.</summary>
    public required bool IsPaused { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The id of the API key that made it; null where the relay does not know it.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>When it last started a run; null before the first.</summary>
    public DateTimeOffset? FiredAt { get; init; }

    /// <summary>The run that it last started; null before the first.</summary>
    public long? Run { get; init; }
}
