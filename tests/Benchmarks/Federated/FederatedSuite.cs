using System.Diagnostics;
using System.IO.Compression;
using Benchmarks.Training;
using Relay.TestKit;
using Relay.Training.Data;
using Relay.Training.Data.Reading;
using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Sharding;
using Relay.Training.Engines.Managed.Boosting;
using Relay.Training.Engines.Managed.Forest;
using Relay.Training.Federated;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Benchmarks.Federated;

/// <summary>Trains on KDD Cup 99 by three owners over HTTPS on this machine, and by one process: time, bytes and steps of an owner. The peer is
/// central training.</summary>
internal static class FederatedSuite
{
    private const int Owners = 3;
    private const int Rounds = 20;
    private const int Trees = 5;

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken)
    {
        if (BenchData.FindKdd99() is not { } kdd)
        {
            return [BenchRow.LowerIsBetter("federated.skipped", 0, null, "", "the files of KDD Cup 99 are missing")];
        }

        using TemporaryFolder folder = new();
        string[] parts = Split(kdd.Source.TrainPath, folder);
        RowTexts texts = RowTexts.Read(kdd.Source.Spec, kdd.Source.TrainPath, cancellationToken);
        ShardAgreement agreement = new(texts.Labels, texts.Categories, MinimumRows: 100);
        List<BenchRow> rows = [];
        foreach ((string id, Func<IEnsembleTrainer> trainer, ModelParameters parameters) in new (string, Func<IEnsembleTrainer>, ModelParameters)[]
        {
            ("boosting", () => new GradientBoostingTrainer(1), new ModelParameters { Trees = Rounds }),
            ("forest", () => new RandomForestTrainer(1), new ModelParameters { Trees = Trees }),
        })
        {
            string Train(DataSource source, IShardGroup shard)
            {
                TrainingSet set = DataLoader.LoadBinned(source, shard, 1, cancellationToken: cancellationToken).Train;
                return EnsembleDigest.Compute(trainer().Train(set, parameters, null, cancellationToken));
            }

            DataSource PartOf(IShardGroup shard, ShardAgreement? agreed) => kdd.Source with
            {
                TrainPath = parts[shard.Rank],
                IsPart = true,
                Agreement = agreed,
            };

            (double central, string expected) = Measure(() => Train(kdd.Source, SingleShard.Instance));
            (double shards, string[] open) = Measure(() => ShardThreads.Run(Owners, shard => Train(PartOf(shard, null), shard)));
            long start = Stopwatch.GetTimestamp();
            (string Digest, long Steps, long Sent, long Received)[] owners = await LoopbackRound.RunAsync(
                Owners, kdd.Source.Spec, agreement, folder.Combine(id),
                group => (Train(PartOf(group, agreement), group), group.Steps, group.BytesSent, group.BytesReceived), cancellationToken);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            bool isSame = open.Concat(owners.Select(o => o.Digest)).All(digest => digest == expected);
            rows.Add(BenchRow.LowerIsBetter(
                $"federated.{id}.seconds", seconds, central, "s",
                $"three owners over HTTPS against one process; three shards on threads of one process take {shards:0.0} s"));
            rows.Add(BenchRow.LowerIsBetter(
                $"federated.{id}.megabytes-sent", owners.Max(o => o.Sent) / 1e6, null, "MB",
                $"by an owner in {owners[0].Steps} steps; it receives {owners.Max(o => o.Received) / 1e6:0.0} MB"));
            rows.Add(BenchRow.HigherIsBetter(
                $"federated.{id}.same-trees", isSame ? 1 : 0, null, "", "all owners have the trees of central training"));
        }

        return rows;
    }

    private static (double Seconds, T Result) Measure<T>(Func<T> work)
    {
        long start = Stopwatch.GetTimestamp();
        T result = work();
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, result);
    }

    private static string[] Split(string path, TemporaryFolder folder)
    {
        using StreamReader rows = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        string[] lines = rows.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. Enumerable.Range(0, Owners).Select(owner =>
        {
            string part = folder.Combine($"part-{owner}.csv");
            File.WriteAllLines(part, lines[(owner * lines.Length / Owners)..((owner + 1) * lines.Length / Owners)]);
            return part;
        })];
    }
}
