using System.Collections.Frozen;
using Relay.TestKit.Load;
using Relay.TestKit.Models;
using Shared.Contracts.Models;
using Shared.Scoring;
using Shared.Scoring.Compilation;
using Sync.Client.OnnxRuntime;
using Sync.Client.Scoring;
using Sync.Client.Updates;

namespace Sync.Client.Tests.Updates;

/// <summary>Thousands of swaps under two loaded threads, by both scorers: no call fails, none mixes versions, no memory is left behind,
/// and no thread reads freed memory. Alone, because it looks at the memory of the whole process.</summary>
[Collection(nameof(SwapTests))]
[CollectionDefinition(nameof(SwapTests), DisableParallelization = true)]
public sealed class SwapTests
{
    private const int Callers = 2;
    private const int WarmUpSwaps = 1_500;
    private const int Swaps = 10_000;
    private const long AllowedGrowth = 2 << 20;
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("RELAY_TEST_LONG") is "1";

    private readonly TestModel[] _models = [.. Enumerable.Range(1, 4).Select(v => TestModel.Create(version: v, numbers: 4))];

    [Fact]
    public void Swap_TenThousandTimesUnderLoad_FailsMixesAndLeaksNothing()
    {
        (SwapLoad load, long growth) = Run((swap, _) => swap < Swaps);

        Assert.Equal((0, 0), (load.Failed, load.Mixed));
        Assert.True(load.Calls > Swaps, $"only {load.Calls} calls");
        Assert.True(growth < AllowedGrowth, $"{growth >> 10} KiB more than after the warm-up");
    }

    [Fact]
    public void Swap_ForHalfAnHour_FailsMixesAndLeaksNothing()
    {
        Assert.SkipUnless(IsLong, "the soak of 30 minutes runs under ./test --long");
        (SwapLoad load, long growth) = Run((_, elapsed) => elapsed < TimeSpan.FromMinutes(30));

        Assert.Equal((0, 0), (load.Failed, load.Mixed));
        Assert.True(growth < AllowedGrowth, $"{growth >> 10} KiB more than after the warm-up");
    }

    private (SwapLoad Load, long Growth) Run(Func<int, TimeSpan, bool> goesOn)
    {
        ReleaseSlot slot = new();
        RelayModel model = new("threat-classifier", slot);
        float[][] rows = [.. Enumerable.Range(0, _models[0].Golden.Rows).Select(_models[0].NumbersOf)];
        Swap(slot, 0);
        using SwapLoad load = new((row, probabilities) => model.Predict(row, probabilities).Version, rows, Expected(rows));
        load.Start(Callers);
        int next = 1;
        for (; next < WarmUpSwaps; next++)
        {
            Swap(slot, next);
        }

        // Code that a busy machine compiles late counts once; a leak counts each time.
        long growth = GrowthOfSwaps();
        growth = growth < AllowedGrowth ? growth : GrowthOfSwaps();
        load.Stop();
        slot.Swap(null);
        return (load, growth);

        long GrowthOfSwaps()
        {
            long before = ResidentMemory.Bytes();
            long began = TimeProvider.System.GetTimestamp();
            for (int swap = 0; goesOn(swap, TimeProvider.System.GetElapsedTime(began)); swap++)
            {
                Swap(slot, next++);
            }

            return ResidentMemory.Bytes() - before;
        }
    }

    private void Swap(ReleaseSlot slot, int number)
    {
        TestModel model = _models[number % _models.Length];
        ModelScorer scorer = new(Load(model, number), VersionOf(model));
        slot.Swap(new LoadedRelease(
            number, DateTimeOffset.UnixEpoch,
            new Dictionary<string, ModelScorer> { [model.Description.Name] = scorer }.ToFrozenDictionary()));
    }

    // Every other one native, because that is what a use after free would end the process with, and what memory could stay of.
    private static IRowScorer Load(TestModel model, int number)
    {
        if (number % 2 == 0)
        {
            return OnnxScorer.Load(model.Onnx, model.Schema);
        }

        Assert.Null(ManagedScorer.Load(
            model.Onnx, model.Schema, SampleRows.FromGolden(model.Golden), TimeSpan.Zero, out ManagedScorer? managed, CancellationToken.None));
        return managed!;
    }

    private Dictionary<int, float[][]> Expected(float[][] rows) => _models.ToDictionary(m => m.Description.Version, m =>
    {
        ModelScorer scorer = new(Load(m, 1), VersionOf(m));
        float[][] answers = [.. rows.Select(row =>
        {
            float[] probabilities = new float[m.Schema.Classes.Count];
            scorer.Answer(scorer.Classes, row, [], probabilities);
            return probabilities;
        })];
        scorer.Retire();
        return answers;
    });

    private static ActiveModelVersion VersionOf(TestModel model) =>
        new(model.Description.Name, model.Description.Version, model.Sha256, model.Schema);
}
