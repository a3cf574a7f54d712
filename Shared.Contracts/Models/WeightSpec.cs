using System.Text.Json.Serialization;

namespace Shared.Contracts.Models;

/// <summary>How much rows count in training. Factors of a column of type weight, of the class and of the age multiply.</summary>
public sealed record WeightSpec
{
    private static readonly IReadOnlyDictionary<string, double> None = new Dictionary<string, double>();

    /// <summary>Makes every class count alike: rows / (classes x rows of the class).</summary>
    public bool Balanced { get; init; }

    /// <summary>Class name to factor, above 0; a class that is not named has 1. Not together with <see cref="Balanced"/>.</summary>
    public IReadOnlyDictionary<string, double> Classes { get; init => field = value ?? None; } = None;

    /// <summary>Null: age does not matter. Needs a column of type time.</summary>
    public AgeWeights? Age { get; init; }

    /// <summary>Whether all rows count alike as far as this says.</summary>
    [JsonIgnore]
    public bool IsEven => !Balanced && Classes.Count == 0 && Age is null;
}

/// <summary>Recent rows count more. A row's age is taken from the newest row of the data, so the same data give the same weights
/// on any day. The defaults are the rule of the earlier relay.</summary>
/// <param name="RecentDays">Rows younger than this, in days, count <paramref name="RecentFactor"/>.</param>
/// <param name="DecayDays">Older ones count exp(-age / this), age in days.</param>
/// <param name="Least">But at least this.</param>
/// <param name="OldestDays">Older rows are left out.</param>
public sealed record AgeWeights(
    double RecentDays = 7, double RecentFactor = 10, double DecayDays = 30, double Least = 0.1, double OldestDays = 90);
