using Relay.TestKit;
using Relay.Training.Recipes.Reputation;
using Relay.Training.Tests.Data;

namespace Relay.Training.Tests.Recipes.Reputation;

/// <summary>Held-out rows have the base rate that is stated, and a refused recipe changes nothing.</summary>
public sealed class ReputationRowsTests : IDisposable
{
    private readonly CsvFolder _folder = new();
    private readonly TemporaryFolder _output = new();

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
    }

    [Theory]
    [InlineData(3000, 0.01)]
    [InlineData(3000, 0.002)]
    [InlineData(3000, 0.2)]
    [InlineData(600, 0.1)]
    [InlineData(400, 0.01)]
    public void HeldOut_LongAndShortLists_HaveTheBaseRate(int addresses, double rate)
    {
        ReputationRow[] rows = HeldOut(Sources(addresses) with { BaseRate = rate });

        int bad = rows.Count(r => r.Label == ReputationRow.Bad);
        Assert.InRange(bad, 20, 2000);
        Assert.Equal(rate, bad / (double)rows.Length, 0.03 * rate);
        Assert.Contains(rows, r => r.Source == "resolver");
    }

    [Fact]
    public void HeldOut_EnoughOfAll_HasThePublicRowsThatAreAskedFor() =>
        Assert.Equal(3000, HeldOut(Sources(3000) with { BaseRate = 0.02 }).Count(r => r.Source == ReputationRows.Public), 5.0);

    [Fact]
    public void Write_BaseRateThatTheRowsCannotHave_IsRefusedWithTheLowest()
    {
        TrainingException refused = Assert.Throws<TrainingException>(() => Write(Sources(3000) with { BaseRate = 1e-5 }));

        Assert.Equal(TrainingFault.InvalidSpec, refused.Fault);
        Assert.Contains("expected a share of 0.00002 to 0.5", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_RangesAlone_AreRefusedAndTheFilesOfBeforeStay()
    {
        Write(Sources(3000));
        byte[][] before = [File.ReadAllBytes(_output.Combine("train")), File.ReadAllBytes(_output.Combine("held-out"))];

        string ranges = _folder.WriteText("ranges.txt", "5.0.0.0/8\n");

        TrainingException refused = Assert.Throws<TrainingException>(() => Write(ReputationData.Sources(ranges)));

        Assert.Equal(TrainingFault.TooFewRows, refused.Fault);
        Assert.Contains("ranges alone are not enough", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, [File.ReadAllBytes(_output.Combine("train")), File.ReadAllBytes(_output.Combine("held-out"))]);
        Assert.Equal(2, Directory.GetFiles(_output.FullPath).Length);
    }

    private static ReputationRow[] HeldOut(ReputationSources sources) => [.. new ReputationRows(sources, ReputationLists.Read(sources)).HeldOut()];

    private ReputationSources Sources(int addresses) => ReputationData.Sources(
        _folder.WriteText("bad.txt", ReputationData.Text(ReputationData.Listed(1, addresses)))) with
    {
        Known = [("resolver", _folder.WriteText("resolvers.txt", "8.8.8.0/24\n"))],
    };

    private void Write(ReputationSources sources) => ReputationRecipe.Write(
        sources, _output.Combine("train"), _output.Combine("held-out"), TestContext.Current.CancellationToken);
}
