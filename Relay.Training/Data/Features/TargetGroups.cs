namespace Relay.Training.Data.Features;

/// <summary>The groups of classes whose shares among a text's rows are its target statistics. Up to <see cref="MaxSingle"/> classes have a
/// group each, two classes one together. Of more, the most frequent have a group each, and the others share groups by the bits of their
/// number: a few columns tell a thousand classes apart.</summary>
internal static class TargetGroups
{
    public const int MaxSingle = 16;
    private const int SingleOfMany = 8;

    /// <param name="classRows">Per class, its training rows.</param>
    /// <returns>Per class, the groups that it is in.</returns>
    public static int[][] Create(IReadOnlyList<long> classRows)
    {
        if (classRows.Count == 2)
        {
            return [[], [0]];
        }

        int[][] groups = new int[classRows.Count][];
        int[] byFrequency = [.. Enumerable.Range(0, classRows.Count)];
        if (groups.Length > MaxSingle)
        {
            byFrequency = [.. byFrequency.OrderByDescending(c => classRows[c]).ThenBy(c => c)];
        }

        for (int i = 0; i < groups.Length; i++)
        {
            groups[byFrequency[i]] = groups.Length <= MaxSingle || i < SingleOfMany ? [i] : [.. GroupsOfBits(i - SingleOfMany + 1)];
        }

        return groups;
    }

    private static IEnumerable<int> GroupsOfBits(int number) =>
        Enumerable.Range(0, 32).Where(bit => (number >> bit & 1) == 1).Select(bit => SingleOfMany + bit);
}
