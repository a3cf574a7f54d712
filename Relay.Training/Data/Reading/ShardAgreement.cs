namespace Relay.Training.Data.Reading;

/// <summary>What owners who share sums only agree on before they train: the texts that rows may have, since a sum needs a place for each, and how
/// many rows each of them brings at least.</summary>
/// <param name="Labels">The texts of the label column; empty where the spec groups them, or the label is a number.</param>
/// <param name="Categories">Per column of texts, its texts.</param>
/// <param name="MinimumRows">The rows that each owner has at least: sums with fewer tell of the other owners' rows.</param>
public sealed record ShardAgreement(
    IReadOnlyList<string> Labels, IReadOnlyDictionary<string, IReadOnlyList<string>> Categories, int MinimumRows);
