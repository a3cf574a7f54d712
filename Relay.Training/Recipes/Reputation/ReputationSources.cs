namespace Relay.Training.Recipes.Reputation;

/// <summary>What the rows of <c>ip-reputation</c> are made of.</summary>
public sealed record ReputationSources
{
    /// <summary>Lists of bad addresses, the newest there are.</summary>
    public required IReadOnlyList<string> Bad { get; init; }

    /// <summary>Earlier lists of the same publishers: the model learns from them, and addresses that only the newest have are held out. Empty: a
    /// part of the newest is held out.</summary>
    public IReadOnlyList<string> Older { get; init; } = [];

    /// <summary>Lists of addresses that are never bad, whatever other lists say.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>Lists of addresses that are likely benign, by a name for each: held out and measured, never learned from.</summary>
    public IReadOnlyList<(string Name, string Path)> Known { get; init; } = [];

    /// <summary>Entries of text lists with a smaller count are left out; those without a count stay.</summary>
    public int MinimumCount { get; init; } = 1;

    /// <summary>The share of bad addresses among those that the model will be asked about, and that are on no list.</summary>
    public double BaseRate { get; init; } = 0.01;

    /// <summary>Random public addresses to learn from, as those that are not bad.</summary>
    internal int PublicRows { get; init; } = 200_000;

    /// <summary>Random public addresses that are held out; more, where a low base rate would leave too few bad ones beside them.</summary>
    internal int HeldOutRows { get; init; } = 100_000;

    /// <summary>Addresses that are held out, at most.</summary>
    internal int MaxHeldOutRows { get; init; } = 2_000_000;

    /// <summary>Addresses of each of <see cref="Known"/> that are held out, at most.</summary>
    internal int KnownRows { get; init; } = 5_000;

    /// <summary>Bits of the networks that are held out as a whole.</summary>
    internal int HeldOutPrefix { get; init; } = 16;
}
