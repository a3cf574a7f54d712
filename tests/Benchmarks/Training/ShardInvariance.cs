using Relay.Training.Data;
using Relay.Training.Data.Reading;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Sharding;
using Relay.Training.Engines.Managed.Boosting;
using Relay.Training.Engines.Managed.Forest;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Benchmarks.Training;

/// <summary>Trains the same models on 1, 2 and 3 data shards and on 1 and 2 threads, and compares the hashes.</summary>
internal static class ShardInvariance
{
    private const int Rounds = 10;
    private const int Trees = 3;

    /// <returns>1 when all hashes of a kind of model agree, else 0.</returns>
    public static BenchRow Measure(DataSource source, CancellationToken cancellationToken)
    {
        List<string> digests = [];
        foreach (int shards in new[] { 1, 2, 3 })
        {
            digests.AddRange(ShardThreads.Run(shards, shard => Digest(source, shard, shards == 1 ? 2 : 1, cancellationToken)));
        }

        digests.Add(Digest(source, SingleShard.Instance, 1, cancellationToken));
        bool same = digests.Distinct().Count() == 1;
        return BenchRow.HigherIsBetter(
            "training.shard-invariance", same ? 1 : 0, null, "",
            $"KDD Cup 99, boosting of {Rounds} rounds, forest of {Trees} trees: 1, 2 and 3 shards, 1 and 2 threads give " +
                $"{(same ? "one model" : "different models")} of each");
    }

    private static string Digest(DataSource source, IShardGroup shard, int threads, CancellationToken cancellationToken)
    {
        TrainingSet rows = DataLoader.LoadBinned(source, shard, threads, cancellationToken: cancellationToken).Train;
        TreeEnsemble boosting = new GradientBoostingTrainer(threads).Train(
            rows, new ModelParameters { Trees = Rounds }, null, cancellationToken);
        TreeEnsemble forest = new RandomForestTrainer(threads).Train(rows, new ModelParameters { Trees = Trees }, null, cancellationToken);
        return $"{EnsembleDigest.Compute(boosting)} {EnsembleDigest.Compute(forest)}";
    }
}
