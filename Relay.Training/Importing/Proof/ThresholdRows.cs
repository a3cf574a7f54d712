namespace Relay.Training.Importing.Proof;

/// <summary>Rows at the thresholds of a source: each leads to one split and has there the threshold, one float32 to each side, or no value. At a set
/// of categories it has each of them.</summary>
internal static class ThresholdRows
{
    /// <summary>The values that the feature of a split takes: at the threshold first, then beside it, then those where rules differ.</summary>
    public static float[] ValuesAt(double threshold)
    {
        float below = RoundDown(threshold);
        return
        [
            below, MathF.BitIncrement(below), MathF.BitDecrement(below), float.NaN, 0f, -0f, 1e-36f, -1e-36f,
            float.PositiveInfinity, float.NegativeInfinity,
        ];
    }

    /// <summary>How many of <see cref="ValuesAt"/> are at the threshold itself.</summary>
    public const int AtThreshold = 3;

    /// <summary>A row that leads to a split, where numbers can; other features keep the values of a base row.</summary>
    /// <param name="categories">Per feature, its categories.</param>
    public static float[] LeadingTo(
        IReadOnlyList<SourceSplit> splits, int split, ReadOnlySpan<float> baseRow, IReadOnlyList<FeatureCategories> categories)
    {
        float[] row = baseRow.ToArray();
        Dictionary<int, (float Low, float High)> ranges = [];
        Dictionary<int, List<(SourceSet Set, bool IsLeft)>> sets = [];
        HashSet<int> missing = [];
        for (int at = split; splits[at].Parent >= 0; at = splits[at].Parent)
        {
            SourceSplit parent = splits[splits[at].Parent];
            if (parent.Set is { } set)
            {
                sets.TryAdd(parent.Feature, []);
                sets[parent.Feature].Add((set, splits[at].IsLeft));
                continue;
            }

            if (double.IsPositiveInfinity(parent.Threshold) && !splits[at].IsLeft)
            {
                missing.Add(parent.Feature);
                continue;
            }

            (float low, float high) = ranges.GetValueOrDefault(parent.Feature, (float.NegativeInfinity, float.PositiveInfinity));
            float below = RoundDown(parent.Threshold);
            ranges[parent.Feature] = splits[at].IsLeft
                ? (low, MathF.Min(high, MathF.BitDecrement(below)))
                : (MathF.Max(low, MathF.BitIncrement(below)), high);
        }

        foreach ((int feature, (float low, float high)) in ranges)
        {
            row[feature] = row[feature] >= low && row[feature] <= high ? row[feature] : Between(low, high);
        }

        // No number is above an infinite threshold.
        foreach (int feature in missing)
        {
            row[feature] = float.NaN;
        }

        foreach ((int feature, List<(SourceSet Set, bool IsLeft)> path) in sets)
        {
            row[feature] = categories[feature].FindOn(path, row[feature]);
        }

        return row;
    }

    /// <summary>The largest float32 that is no greater.</summary>
    public static float RoundDown(double value)
    {
        float nearest = (float)value;
        return nearest > value ? MathF.BitDecrement(nearest) : nearest;
    }

    private static float Between(float low, float high)
    {
        float middle = (low / 2) + (high / 2);
        return !float.IsFinite(low) ? (float.IsFinite(high) ? high : 0f)
            : !float.IsFinite(high) ? low
            : middle >= low && middle <= high ? middle : low;
    }
}
