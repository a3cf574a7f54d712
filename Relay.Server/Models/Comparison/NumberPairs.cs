using Shared.Contracts.Api;

namespace Relay.Server.Models.Comparison;

/// <summary>Numbers of two versions, paired by name. Pure.</summary>
internal static class NumberPairs
{
    public static NumberComparison Create(string name, double? version, double? with, bool isComparable = true) =>
        new(name, version, with, isComparable ? version - with : null);

    /// <summary>All names: first those of the version, in its order.</summary>
    public static IEnumerable<NumberComparison> Join(
        IEnumerable<(string Name, double Value)> version, IEnumerable<(string Name, double Value)> with, bool isComparable = true)
    {
        Dictionary<string, double> first = Sum(version);
        Dictionary<string, double> second = Sum(with);
        return first.Keys.Union(second.Keys, StringComparer.Ordinal)
            .Select(name => Create(name, Find(first, name), Find(second, name), isComparable));
    }

    /// <summary>Those that differ, the largest differences first. What only one version has differs by its whole number.</summary>
    public static IReadOnlyList<NumberComparison> Largest(IEnumerable<NumberComparison> pairs, int count) =>
    [
        .. pairs.Where(pair => pair.Version != pair.With).OrderByDescending(pair => Math.Abs((pair.Version ?? 0) - (pair.With ?? 0))).Take(count),
    ];

    private static double? Find(Dictionary<string, double> values, string name) => values.TryGetValue(name, out double value) ? value : null;

    // An input may stand for several columns of the trees.
    private static Dictionary<string, double> Sum(IEnumerable<(string Name, double Value)> values)
    {
        Dictionary<string, double> sums = new(StringComparer.Ordinal);
        foreach ((string name, double value) in values)
        {
            sums[name] = sums.GetValueOrDefault(name) + value;
        }

        return sums;
    }
}
