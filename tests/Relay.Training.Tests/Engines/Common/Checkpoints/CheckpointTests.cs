using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Checkpoints;
using Relay.Training.Engines.Managed.Boosting;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.Common.Checkpoints;

public sealed class CheckpointTests : IDisposable
{
    private static readonly ModelParameters Parameters = new()
    {
        Trees = 12,
        Depth = 4,
        Subsample = 0.8,
        FeatureFraction = 0.7,
        EarlyStoppingRounds = 4,
        ValidationFraction = 0.2,
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("relay-checkpoint-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "run.checkpoint");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(2, 1)]
    [InlineData(4, 1)]
    [InlineData(4, 3)]
    [InlineData(1, 5)]
    [InlineData(4, 4)]
    public void Train_StoppedAfterSomeRounds_GoesOnToTheSameBits(int classes, int rounds)
    {
        TrainingSet set = Create(classes);

        Stop(set, rounds);
        List<long> resumed = [];
        string digest = Digest(Trainer(Path).Train(set, Parameters, new Rounds(resumed.Add), default));

        Assert.Equal(Digest(Trainer(null).Train(set, Parameters, null, default)), digest);
        Assert.DoesNotContain(resumed, round => round <= rounds);
    }

    [Fact]
    public void Train_StoppedTwice_GoesOnToTheSameBits()
    {
        TrainingSet set = Create(4);

        Stop(set, 2);
        Stop(set, 4);

        Assert.Equal(Digest(Trainer(null).Train(set, Parameters, null, default)), Digest(Trainer(Path).Train(set, Parameters, null, default)));
    }

    [Fact]
    public void Train_OtherData_IsRefused()
    {
        TrainingSet set = Create(4);
        Stop(set, 2);
        set.Labels[17] = (set.Labels[17] + 1) % 4;

        AssertRefused(set, Parameters);
    }

    [Fact]
    public void Train_OtherParameters_IsRefused()
    {
        TrainingSet set = Create(4);
        Stop(set, 2);

        AssertRefused(set, Parameters with { LearningRate = 0.2 });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(60)]
    [InlineData(-1)]
    public void Train_DamagedFile_IsRefused(int at)
    {
        TrainingSet set = Create(4);
        Stop(set, 2);
        byte[] bytes = File.ReadAllBytes(Path);
        bytes[at < 0 ? bytes.Length + at : at] ^= 1;
        File.WriteAllBytes(Path, bytes);

        AssertRefused(set, Parameters);
    }

    [Fact]
    public void Train_CutFile_IsRefused()
    {
        TrainingSet set = Create(4);
        Stop(set, 2);
        File.WriteAllBytes(Path, File.ReadAllBytes(Path)[..40]);

        AssertRefused(set, Parameters);
    }

    [Fact]
    public void Train_IntervalPassed_WritesWhileFitting()
    {
        List<bool> there = [];
        GradientBoostingTrainer trainer = new(1) { Checkpoint = new TrainingCheckpoint(Path) { Interval = TimeSpan.Zero } };

        trainer.Train(Create(2), Parameters, new Rounds(_ => there.Add(File.Exists(Path))), default);

        Assert.Equal([false, true, true], there.Take(3));
        Assert.Single(_folder.GetFiles());
    }

    private void Stop(TrainingSet set, int rounds)
    {
        using CancellationTokenSource stop = new();
        Rounds progress = new(round =>
        {
            if (round == rounds)
            {
                stop.Cancel();
            }
        });
        Assert.ThrowsAny<OperationCanceledException>(() => Trainer(Path).Train(set, Parameters, progress, stop.Token));
    }

    private void AssertRefused(TrainingSet set, ModelParameters parameters) => Assert.Equal(
        TrainingFault.CheckpointMismatch,
        Assert.Throws<TrainingException>(() => Trainer(Path).Train(set, parameters, null, default)).Fault);

    private static GradientBoostingTrainer Trainer(string? path) =>
        new(2) { Checkpoint = path is null ? null : new TrainingCheckpoint(path) };

    private static TrainingSet Create(int classes) => classes == 1
        ? SmallData.CreateNumbers(21, 1500, 5, 200, 0.1)
        : SmallData.Create(21, 1500, 5, classes, 200, 0.1);

    private static string Digest(TreeEnsemble ensemble) =>
        $"{EnsembleDigest.Compute(ensemble)} {string.Join(' ', ensemble.Importance!)}";

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
