using Relay.Training.Data.Tables;
using Relay.Training.Simulation;
using Shared.Contracts.Http;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Simulation;

public sealed class TrafficSimulatorTests
{
    private static readonly TrafficSimulator Simulator =
        new(Seed: 7, Requests: 12_000, new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromDays(7));

    private static readonly IReadOnlyList<SimulatedRequest> Requests = Simulator.Play();

    private static readonly ModelSpec Spec = new()
    {
        Name = "simulated",
        Task = ModelTask.Classification,
        Algorithm = ModelAlgorithm.RandomForest,
        Columns = [.. HttpFeatureSchema.Columns.Where(c => !HttpFeatureSchema.IsReserved(c.Name)), new ColumnSpec("class", ColumnType.Label)],
        Label = new LabelSpec { Benign = HttpFeatureSchema.Benign },
    };

    [Fact]
    public void Play_SameParameters_GivesTheSameRows()
    {
        float[][] first = [.. FeatureRows.Ingest(Requests).Select(r => r.Features)];
        float[][] second = [.. FeatureRows.Ingest(Simulator.Play()).Select(r => r.Features)];

        Assert.Equal(first, second);
        Assert.NotEqual(first, [.. FeatureRows.Ingest((Simulator with { Seed = 8 }).Play()).Select(r => r.Features)]);
    }

    [Fact]
    public void Play_AllClasses_AreThereAndBenignIsTheMajority()
    {
        Dictionary<string, int> rows = Requests.CountBy(r => r.Class).ToDictionary();

        Assert.Equal(HttpFeatureSchema.Classes.Order(), rows.Keys.Order());
        Assert.True(rows[HttpFeatureSchema.Benign] > Requests.Count / 3, $"{rows[HttpFeatureSchema.Benign]} benign");
        Assert.All(rows.Values, n => Assert.True(n > Requests.Count / 200, $"{n} rows"));
    }

    [Fact]
    public void Play_Requests_ComeInTheOrderOfTime() =>
        Assert.Equal(Requests.Select(r => r.Facts.At).Order(), Requests.Select(r => r.Facts.At));

    [Fact]
    public void Play_HeaderValues_CanBeSentOverHttp() =>
        Assert.DoesNotContain(Requests.SelectMany(r => r.Facts.Headers), h => h.Value.AsSpan().ContainsAnyExceptInRange(' ', '~'));

    // A constant column is refused in training: a simulation of any size must be fit to train from.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Ingest_FewRequests_LeaveNoFeatureConstantAndNoClassOut(int seed)
    {
        (float[] Features, string Class)[] rows = [.. FeatureRows.Ingest((Simulator with { Seed = seed, Requests = 5_000 }).Play())];

        Assert.Equal(HttpFeatureSchema.Classes.Count, rows.DistinctBy(r => r.Class).Count());
        Assert.All(
            HttpFeatureSchema.Names.Index().Where(n => !HttpFeatureSchema.IsReserved(n.Item)),
            n => Assert.True(rows.DistinctBy(r => r.Features[n.Index]).Count() > 1, n.Item));
    }

    // Few sessions of a class would make its share, and what a model learns of it, a matter of the seed.
    [Fact]
    public void Create_LeastNumberOfRequestsAndManySeeds_HaveAllClassesInBothPartsAndNoConstantFeature()
    {
        for (int seed = 1; seed <= 30; seed++)
        {
            DataSplit split = SimulatedData.Create(Spec, seed, SimulatedData.MinRequests, null, TestContext.Current.CancellationToken);

            DataChecks.Require(split.Train, Spec);
            Assert.Equal(HttpFeatureSchema.Classes.Count, split.Train.Classes.Count);
            Assert.All(split.Test.Summary.ClassRows, c => Assert.True(c.Value >= 5, $"seed {seed}: {c.Value} held-out rows of {c.Key}"));
        }
    }

    [Fact]
    public void Create_Progress_EndsWithAllRowsOfEachPart()
    {
        ReadLog log = new();

        DataSplit split = SimulatedData.Create(Spec, seed: 1, SimulatedData.MinRequests, log, TestContext.Current.CancellationToken);

        Assert.Equal([(split.Train.Rows, split.Train.Rows), (split.Test.Rows, split.Test.Rows)], log.Seen);
    }

    [Fact]
    public void Play_AnySeed_GivesEachClassAboutTheSameShare()
    {
        int[][] rows = [.. Enumerable.Range(1, 10).Select(seed =>
        {
            Dictionary<string, int> counts = (Simulator with { Seed = seed }).Play().CountBy(r => r.Class).ToDictionary();
            return HttpFeatureSchema.Classes.Select(c => counts[c]).ToArray();
        })];

        Assert.All(Enumerable.Range(0, HttpFeatureSchema.Classes.Count), c =>
            Assert.True(
                rows.Max(r => r[c]) < 2 * rows.Min(r => r[c]), $"{HttpFeatureSchema.Classes[c]}: {string.Join(", ", rows.Select(r => r[c]))}"));
    }

    // The older relay's features gave one vector for all attacks, and its model learned nothing.
    [Fact]
    public void Ingest_300DifferentAttacks_GiveMoreThan250DistinctVectors()
    {
        SimulatedRequest[] attacks = [.. Requests.Where(r => r.Class != HttpFeatureSchema.Benign).DistinctBy(r => r.Facts.Target).Take(300)];
        Assert.Equal(300, attacks.Length);

        // One at a time, each by an extractor that knows no history: the request alone has to tell them apart.
        int distinct = attacks.Select(a => string.Join(' ', FeatureRows.Ingest([a]).Single().Features.Skip(4))).Distinct().Count();
        Assert.True(distinct > 250, $"{distinct} distinct vectors");
    }

    [Fact]
    public void Ingest_PasswordGuessing_SeesFailedLoginsGrow()
    {
        float[][] rows = [.. FeatureRows.Ingest(Requests).Where(r => r.Class == "brute_force").Select(r => r.Features)];

        Assert.True(rows.Count(r => r[5] >= 5) > rows.Length / 2, "most guesses follow at least five failed logins");
    }

    private sealed class ReadLog : IProgress<TrainingProgress>
    {
        public List<(long Done, long Total)> Seen { get; } = [];

        public void Report(TrainingProgress value) => Seen.Add((value.Done, value.Total ?? 0));
    }
}
