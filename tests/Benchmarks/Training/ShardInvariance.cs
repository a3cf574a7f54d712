using Relay.Training.Data;
using Relay.Training.Engines;
using Relay.Training.Engines.Sharding;
using Relay.Training.Ensembles;
using Shared.Contracts.Models;

namespace Benchmarks.Training;

/// <summary>Trains the same model on 1, 2 and 3 data shards and on 1 and 2 threads, and compares the hashes.</summary>
internal static class ShardInvariance
{
    private const int Rounds = 10;

    /// <returns>1 when all hashes agree, else 0.</returns>
    public static BenchRow Measure(DataSource source, CancellationToken cancellationToken)
    {
        List<string> digests = [];
        foreach (int shards in new[] { 1, 2, 3 })
        {
            digests.AddRange(ShardThreads.Run(shards, shard => Digest(source, shard, shards == 1 ? 2 : 1, cancellationToken)));
        }

        digests.Add(Digest(source, SingleShard.Instance, 1, cancellationToken));
        bool same = digests.Distinct().Count() == 1;
        return BenchRow.MoreIsBetter(
            "training.shard-invariance", same ? 1 : 0, null, "",
            $"KDD Cup 99, {Rounds} rounds: 1, 2 and 3 shards, 1 and 2 threads give {(same ? "one model" : "different models")}");
    }

    private static string Digest(DataSource source, IShardGroup shard, int threads, CancellationToken cancellationToken)
    {
        LoadedData data = DataLoader.LoadBinned(source, shard, threads, cancellationToken: cancellationToken);
        ModelParameters parameters = new() { Trees = Rounds };
        return EnsembleDigest.Compute(new GradientBoostingTrainer(threads).Train(data.Train, parameters, null, cancellationToken));
    }
}
