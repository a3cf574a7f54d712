using Relay.TestKit.Faults;
using Relay.Training.Engines.Common.Checkpoints;
using Relay.Training.Tests.Data;
using Shared.Contracts.Models;

namespace Relay.Training.Tests;

/// <summary>A run that was stopped goes on from its checkpoint to the artifact of a run that never was.</summary>
public sealed class PipelineCheckpointTests : IDisposable
{
    private const int Trees = 12;

    private const string Spec = """
        {
          "name": "traffic", "task": "classification", "algorithm": "gradient-boosting",
          "columns": [ { "name": "bytes", "type": "number" }, { "name": "rate", "type": "number" }, { "name": "verdict", "type": "label" } ],
          "parameters": { "trees": 12, "rowShare": 0.8 }
        }
        """;

    private readonly CsvFolder _folder = new();

    private string CheckpointPath => Path.Combine(_folder.Path, "run.checkpoint");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_CancelledAndStartedAgain_GoesOnToTheSameBytes()
    {
        TrainingJob job = Job(WriteRows());
        using CancellationTokenSource stop = new();

        Assert.ThrowsAny<OperationCanceledException>(() => TrainingPipeline.CreateDefault().Run(
            job, new Rounds(round => StopAt(5, round, stop)), stop.Token));

        AssertGoesOn(job);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public async Task Run_ProcessKilledAndStartedAgain_GoesOnToTheSameBytes(int round)
    {
        string rows = WriteRows();
        string spec = _folder.WriteText("spec.json", Spec);

        bool survived = await DoomedRun.SurvivesAsync("train", DateTimeOffset.UnixEpoch, $"{round}", spec, rows, CheckpointPath);

        Assert.False(survived);
        AssertGoesOn(Job(rows));
    }

    private static void StopAt(long last, long round, CancellationTokenSource stop)
    {
        if (round == last)
        {
            stop.Cancel();
        }
    }

    private void AssertGoesOn(TrainingJob job)
    {
        Assert.True(File.Exists(CheckpointPath));
        List<long> rounds = [];

        byte[] resumed = TrainingPipeline.CreateDefault().Run(job, new Rounds(rounds.Add)).Artifact;

        Assert.Equal(TrainingPipeline.CreateDefault().Run(job with { Checkpoint = null }).Artifact, resumed);
        Assert.InRange(rounds[0], 2, Trees);
        Assert.Equal(Trees, rounds[^1]);
        Assert.False(File.Exists(CheckpointPath));
    }

    private TrainingJob Job(string rows) => new(ModelSpecParser.Parse(Spec), 1, new DataOrigin.Files(rows, null))
    {
        Checkpoint = new TrainingCheckpoint(CheckpointPath),
    };

    private string WriteRows()
    {
        Random random = new(3);
        return _folder.Write("rows.csv", ["bytes,rate,verdict", .. Enumerable.Range(0, 1500).Select(_ =>
        {
            int label = random.Next(3);
            return FormattableString.Invariant($"{random.Next(900)},{label + (2 * random.NextSingle())},{"fine flood scan".Split(' ')[label]}");
        })]);
    }

    private sealed class Rounds(Action<long> done) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Stage == "fit")
            {
                done(value.Done);
            }
        }
    }
}
