using FsCheck;
using FsCheck.Fluent;
using Relay.Training.Engines.Common.Binning;

namespace Relay.Training.Tests.Engines.Common.Binning;

/// <summary>Merging is associative and commutative, and a summary without rows changes nothing: for any parts, small ones that are
/// exact and large ones whose cells are coarse.</summary>
public sealed class SummaryMergePropertyTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(40).WithQuietOnSuccess(true);

    [Fact]
    public void Merge_OtherGrouping_GivesTheSame() => Prop.ForAll(
        Parts(),
        parts => Same(
            Merge(Merge(parts[0].Summarize(), parts[1].Summarize()), parts[2].Summarize()),
            Merge(parts[0].Summarize(), Merge(parts[1].Summarize(), parts[2].Summarize())))).Check(Runs);

    [Fact]
    public void Merge_OtherOrder_GivesTheSame() => Prop.ForAll(
        Parts(),
        parts => Same(
            Merge(parts[0].Summarize(), parts[1].Summarize()), Merge(parts[1].Summarize(), parts[0].Summarize()))).Check(Runs);

    [Fact]
    public void Merge_SummaryWithoutRows_ChangesNothing() => Prop.ForAll(
        Parts(), parts => Same(parts[0].Summarize(), Merge(new ColumnSummary(), Merge(parts[0].Summarize(), new ColumnSummary())))).Check(Runs);

    [Fact]
    public void Merge_Parts_GivesTheSummaryOfAllRows() => Prop.ForAll(
        Parts(),
        parts => Same(
            Summarize(parts.SelectMany(part => part.Values())),
            parts.Select(part => ColumnSummary.FromBytes(part.Summarize().ToBytes())).Aggregate(Merge))).Check(Runs);

    private static Arbitrary<Part[]> Parts()
    {
        Gen<int> rows = Gen.OneOf(Gen.Choose(0, 50), Gen.Choose(0, 90_000));
        Gen<Part> part =
            from seed in Gen.Choose(0, int.MaxValue - 1)
            from count in rows
            from exponents in Gen.Choose(0, 60)
            select new Part(seed, count, exponents);
        return Arb.From(Gen.ArrayOf(part, 3), Smaller);
    }

    private static IEnumerable<Part[]> Smaller(Part[] failing) => failing.Index().Where(p => p.Item.Rows > 0).Select(
        p => failing.Index().Select(other => other.Index == p.Index ? other.Item with { Rows = other.Item.Rows / 2 } : other.Item).ToArray());

    private static ColumnSummary Merge(ColumnSummary into, ColumnSummary from)
    {
        into.Merge(from);
        return into;
    }

    private static ColumnSummary Summarize(IEnumerable<float> values)
    {
        ColumnSummary summary = new();
        foreach (float value in values)
        {
            summary.Add(value);
        }

        return summary;
    }

    private static bool Same(ColumnSummary one, ColumnSummary other) => one.ToBytes().AsSpan().SequenceEqual(other.ToBytes());

    /// <summary>Random rows of both signs, a few of them missing.</summary>
    /// <param name="Exponents">Powers of two that values spread over; 0 makes small whole numbers.</param>
    private sealed record Part(int Seed, int Rows, int Exponents)
    {
        public ColumnSummary Summarize() => SummaryMergePropertyTests.Summarize(Values());

        public IEnumerable<float> Values()
        {
            Random random = new(Seed);
            for (int row = 0; row < Rows; row++)
            {
                float value = Exponents == 0
                    ? random.Next(-100, 100)
                    : MathF.ScaleB(random.NextSingle() - 0.5f, random.Next(Exponents) - (Exponents / 2));
                yield return random.Next(50) == 0 ? float.NaN : value;
            }
        }
    }
}
