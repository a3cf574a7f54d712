using System.Text.Json.Serialization;

namespace Shared.Contracts.Models;

/// <summary>The weights of rows in training. The weight of a row is the product of its weight column, class weight and age weight.</summary>
public sealed record WeightSpec
{
    private static readonly IReadOnlyDictionary<string, double> None = new Dictionary<string, double>();

    /// <summary>Gives every class the same total weight: rows / (classes x rows of the class).</summary>
    public bool Balanced { get; init; }

    /// <summary>Class name to factor, above 0; a class that is absent has 1. Not together with <see cref="Balanced"/>.</summary>
    public IReadOnlyDictionary<string, double> Classes { get; init => field = value ?? None; } = None;

    /// <summary>Weights by age; null for none. Needs a column of type time.</summary>
    public AgeWeights? Age { get; init; }

    /// <summary>Whether this spec gives every row the same weight.</summary>
    [JsonIgnore]
    public bool IsEven => !Balanced && Classes.Count == 0 && Age is null;
}

/// <summary>Weights by age: recent rows weigh more. The age of a row is relative to the newest row of the data, so that the same data
/// give the same weights on any day. The defaults are those of the earlier relay.</summary>
/// <param name="RecentDays">Rows younger than this, in days, have the weight <paramref name="RecentFactor"/>.</param>
/// <param name="DecayDays">Older rows have the weight exp(-age / this), with the age in days.</param>
/// <param name="Least">The minimum weight.</param>
/// <param name="OldestDays">Older rows are not used.</param>
public sealed record AgeWeights(
    double RecentDays = 7, double RecentFactor = 10, double DecayDays = 30, double Least = 0.1, double OldestDays = 90);
