using System.Text.Json.Serialization;

namespace Shared.Contracts.Api;

/// <summary>How a training run went on, iteration by iteration. Of a run with a search it is the last fit.</summary>
public sealed record TrainingCurve
{
    /// <summary>Maximum length of <see cref="Points"/>.</summary>
    public const int MaxPoints = 512;

    /// <summary>In order; of many iterations every second, every fourth and so on, and the last one. Empty where the run has not come to
    /// its fit, and where the relay has no curve of it.</summary>
    public required IReadOnlyList<TrainingCurvePoint> Points { get; init; }

    /// <summary>Iterations that the spec asks for; null where that is not known.</summary>
    public long? Total { get; init; }

    /// <summary>Iterations that early stopping keeps; null until it has chosen, and without early stopping.</summary>
    public long? Kept { get; init; }

    /// <summary>Whether the engine measured a loss.</summary>
    [JsonIgnore]
    public bool HasLoss => Points.Any(point => point.ValidationLoss is not null);

    /// <summary>Points at even distances, the last one among them: for a table.</summary>
    /// <param name="most">How many at the most.</param>
    public IReadOnlyList<TrainingCurvePoint> Choose(int most)
    {
        int step = Math.Max(1, (Points.Count + most - 1) / most);
        return [.. Points.Where((_, i) => (Points.Count - 1 - i) % step == 0)];
    }
}

/// <summary>A training run after an iteration.</summary>
/// <param name="Iteration">Boosting rounds or trees done.</param>
/// <param name="ValidationLoss">The mean loss of the validation rows; null where the engine measures none.</param>
/// <param name="Seconds">Time since the fit began; of a run that was interrupted, without the time between.</param>
public sealed record TrainingCurvePoint(long Iteration, double? ValidationLoss, double Seconds);
