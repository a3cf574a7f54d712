using Shared.Contracts.Models;

namespace Relay.Training.Engines.Common.Sharding;

/// <summary>What shards that share sums only cannot train.</summary>
internal static class SumsOnlyRules
{
    /// <summary>Why sums do not suffice for this spec; null where they do.</summary>
    public static string? FindError(ModelSpec spec) => spec is { Algorithm: ModelAlgorithm.RandomForest, Task: ModelTask.Regression }
        ? "a forest for numbers needs the smallest and the largest number in each node, which tells rows apart; use gradient-boosting"
        : null;
}
