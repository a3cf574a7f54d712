namespace Relay.Training.Budgets;

/// <summary>Which of the models that were measured a card shows: those that no other beats in bytes and quality, the full and the chosen one, and
/// some of the others in the order of their size.</summary>
internal static class Frontier
{
    private const int MaxPoints = 100;
    private const int MaxOthers = 40;

    public static IReadOnlyList<SmallModel> Choose(IReadOnlyList<SmallModel> models, SmallModel chosen, SmallModel full)
    {
        SmallModel[] bySize = [.. models.OrderBy(m => m.Bytes).ThenBy(m => m.Loss.Points)];
        List<SmallModel> best = [];
        foreach (SmallModel model in bySize)
        {
            if (best.Count == 0 || model.Loss.Points < best[^1].Loss.Points)
            {
                best.Add(model);
            }
        }

        HashSet<SmallModel> shown = new(ReferenceEqualityComparer.Instance) { chosen, full };
        shown.UnionWith(Spread(best, MaxPoints - MaxOthers));
        shown.UnionWith(Spread([.. bySize.Where(m => !shown.Contains(m))], MaxOthers));
        return [.. bySize.Where(shown.Contains)];
    }

    private static IEnumerable<SmallModel> Spread(List<SmallModel> models, int most) => models.Count <= most
        ? models
        : Enumerable.Range(0, most).Select(i => models[(int)((long)i * (models.Count - 1) / (most - 1))]);
}
