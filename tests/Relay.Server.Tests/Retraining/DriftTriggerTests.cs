using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Datasets;
using Relay.Server.Retraining;
using Relay.Server.Tests.Datasets;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Retraining;

/// <summary>What a trigger makes of its dataset: one that is made anew, one that was empty, one with a label beside each sample.</summary>
public sealed class DriftTriggerTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    private static readonly ModelSpec Model = new()
    {
        Name = "m",
        Task = ModelTask.Classification,
        Algorithm = ModelAlgorithm.RandomForest,
        Columns = [new("length", ColumnType.Number), new("method", ColumnType.Category), new("verdict", ColumnType.Label)],
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TriggerEvaluation Evaluation => fixture.Relay.Services.GetRequiredService<TriggerEvaluation>();

    [Fact]
    public async Task Evaluate_DatasetThatWasDeletedAndMadeAnew_CountsItsSamplesFromTheFirst()
    {
        StoredTrigger counted = Trigger("anew", new TriggerRule { NewSamples = 3 }, mark: 100);
        StoredTrigger measured = Trigger("anew", new TriggerRule { Drift = 0.25 }, mark: 100);
        await SmallDataset.CreateAsync(fixture.Relay, "anew");
        await AddAsync("anew", 0, 3);

        (bool Fires, long Mark)? first = Evaluation.Evaluate(counted, Model, Cancel);
        (bool Fires, long Mark)? drift = Evaluation.Evaluate(measured, Model, Cancel);

        Assert.Equal((false, 0), first);
        Assert.Equal((false, 3), drift);
        Assert.Equal((true, 3), Evaluation.Evaluate(counted with { Mark = first!.Value.Mark }, Model, Cancel));
    }

    [Fact]
    public async Task Evaluate_DriftOfADatasetThatWasEmpty_ComparesWithTheFirstSamples()
    {
        await SmallDataset.CreateAsync(fixture.Relay, "empty");
        StoredTrigger trigger = Trigger("empty", new TriggerRule { Drift = 0.25 }, mark: 0);
        await AddAsync("empty", 0, DatasetDrift.MinimumRows - 1);
        Assert.Null(Evaluation.Evaluate(trigger, Model, Cancel));
        await AddAsync("empty", 1000, 1);

        (bool Fires, long Mark)? reference = Evaluation.Evaluate(trigger, Model, Cancel);
        await AddAsync("empty", 2000, DatasetDrift.MinimumRows, shift: 500);

        Assert.Equal((false, DatasetDrift.MinimumRows), reference);
        Assert.Equal((true, 2 * DatasetDrift.MinimumRows), Evaluation.Evaluate(trigger with { Mark = reference!.Value.Mark }, Model, Cancel));
    }

    [Fact]
    public async Task Measure_LabelAfterEachOfManySamples_SeesTheSamples()
    {
        await SmallDataset.CreateAsync(fixture.Relay, "labeled");
        Dataset dataset = fixture.Relay.Services.GetRequiredService<DatasetStore>().Find("labeled")!;
        const int rows = 40_000;

        // All positions of samples are odd, and the second half differs.
        await dataset.Samples.WriteAsync(
            (connection, transaction) => connection.Execute(
                $"""
                INSERT INTO sources (number, name) VALUES (1, 'key:k');
                WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < @rows)
                INSERT INTO samples (position, id, source, received_at, label, cells)
                SELECT 2 * i + 1, 'n-' || i, 1, 0, NULL, {TestSql.BytesOf("i % 100 + CASE WHEN i < @rows / 2 THEN 0 ELSE 500 END", "@rest")} FROM n
                """,
                new { rows, rest = "\0GET\0\0\0"u8.ToArray() }, transaction),
            Cancel);

        DriftFinding found = DatasetDrift.Measure(dataset, Model, rows, Cancel);

        Assert.True(found is { HasEnoughBefore: true, HasEnoughAfter: true });
        Assert.InRange(found.Value, 1, 1000);
        Assert.ThrowsAny<OperationCanceledException>(() => DatasetDrift.Measure(dataset, Model, rows, new CancellationToken(canceled: true)));
    }

    /// <summary>The samples of before the last run are gone by the retention; those that came since drifted meanwhile.</summary>
    [Theory]
    [InlineData(500, true)]
    [InlineData(0, false)]
    public async Task Evaluate_SamplesOfBeforeThatWereDeleted_ComparesTheOldestThatAreLeftWithTheNewest(int shift, bool fires)
    {
        string name = $"retention-{shift}";
        await SmallDataset.CreateAsync(fixture.Relay, name);
        Dataset dataset = fixture.Relay.Services.GetRequiredService<DatasetStore>().Find(name)!;
        await AddAsync(name, 0, 300);
        StoredTrigger trigger = Trigger(name, new TriggerRule { Drift = 0.25 }, mark: 300);
        await AddAsync(name, 1000, 300);
        await RemoveAsync(dataset, 250);
        (bool Fires, long Mark)? tooFew = Evaluation.Evaluate(trigger, Model, Cancel);
        await AddAsync(name, 2000, 300, shift);

        (bool Fires, long Mark)? reference = Evaluation.Evaluate(trigger, Model, Cancel);
        (bool Fires, long Mark)? found = Evaluation.Evaluate(trigger with { Mark = reference!.Value.Mark }, Model, Cancel);

        // Of 650 samples that are left, the older half.
        Assert.Null(tooFew);
        Assert.Equal((false, 250 + 325), reference);
        Assert.Equal(fires ? (true, 900) : null, found);
    }

    private static Task RemoveAsync(Dataset dataset, int position) => dataset.Samples.WriteAsync(
        (connection, transaction) => connection.Execute("DELETE FROM samples WHERE position <= @position", new { position }, transaction), Cancel);

    private static StoredTrigger Trigger(string dataset, TriggerRule rule, long mark) => new(
        new TrainingTriggerView
        {
            Id = dataset.Length,
            Model = Model.Name,
            Data = new TrainingDataSource { Dataset = new DatasetRows(dataset) },
            Rule = rule,
            IsPaused = false,
            CreatedAt = DateTimeOffset.UnixEpoch,
        },
        mark);

    private async Task AddAsync(string dataset, int first, int rows, int shift = 0) => await SmallDataset.AddAsync(
        fixture.Relay.Admin, dataset,
        [.. Enumerable.Range(first, rows).Select(i => $$"""{"id":"{{i}}","length":{{(i * 37 % 100) + shift}},"method":"GET"}""")]);
}
