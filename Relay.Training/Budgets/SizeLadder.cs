namespace Relay.Training.Budgets;

/// <summary>The sizes that a search compares: close to each other where models are small, since a step is a large share there.</summary>
internal static class SizeLadder
{
    // Sums of a row are held for each step and class.
    private const int ManyClasses = 32;
    private const double Step = 1.26;
    private const double WideStep = 2;

    /// <summary>Numbers of trees or rounds.</summary>
    /// <returns>Rising, the last is <paramref name="most"/>.</returns>
    public static int[] Trees(int most) => [.. Rise(1, most, Step), most];

    /// <summary>Numbers of leaves below those that the largest tree has.</summary>
    public static int[] Leaves(int most, int classes) => [.. Rise(2, most, classes > ManyClasses ? WideStep : Step)];

    private static IEnumerable<int> Rise(int from, int below, double step)
    {
        for (int at = from; at < below; at = Math.Max(at + 1, (int)(at * step)))
        {
            yield return at;
        }
    }
}
