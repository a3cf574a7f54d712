using Relay.Training.Data.Csv;
using Relay.Training.Engines.Common.Sharding;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Weighting;

/// <summary>The factor on the weight of a row by its age, see <see cref="AgeWeights"/>.</summary>
/// <param name="Newest">When the newest training row was seen, in seconds since 1970: ages count from there.</param>
internal sealed record AgeWeighting(AgeWeights Weights, double Newest)
{
    private const double SecondsPerDay = 86_400;

    /// <param name="source">Names the file in messages.</param>
    /// <param name="times">Per training row, at least one; null where they were not read.</param>
    /// <param name="shards">The group whose members have the other rows.</param>
    /// <returns>Null where age does not matter.</returns>
    /// <exception cref="TrainingException">The times are dates in a form that says something else.</exception>
    public static AgeWeighting? Create(ModelSpec spec, string source, double[]? times, IShardGroup shards)
    {
        if (spec.Weights.Age is not { } weights || times is not { Length: > 0 })
        {
            return null;
        }

        if (TimeText.FindShortDates(times) is { } dates)
        {
            string column = spec.Columns.First(c => c.Type is ColumnType.Time).Name;
            throw new TrainingException(
                TrainingFault.InvalidData,
                $"{source}, column '{column}': all values look like {dates}, such as {times[0]}; expected {TimeText.Expected}");
        }

        return new AgeWeighting(weights, shards.Max(times.Max()));
    }

    public bool IsTooOld(double time) => Days(time) > Weights.OldestDays;

    public double Factor(double time)
    {
        double days = Days(time);
        return days < Weights.RecentDays ? Weights.RecentFactor : Math.Max(Weights.Least, Math.Exp(-days / Weights.DecayDays));
    }

    private double Days(double time) => (Newest - time) / SecondsPerDay;
}
