using Relay.Training.Data;
using Relay.Training.Data.Features;
using Relay.Training.Data.Reading;
using Relay.Training.Engines.Common.Sharding;
using Relay.Training.Engines.Managed.Forest;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.Common.Sharding;

/// <summary>A forest owes nothing to how rows are spread over processes, and is the one that rows in memory give.</summary>
public sealed class ForestShardTests : IDisposable
{
    private readonly ShardFolder _folder = new();

    public static TheoryData<string, ModelParameters> Cases => new()
    {
        { "classes", new ModelParameters { Trees = 5 } },
        { "weights", new ModelParameters { Trees = 5, MinSamplesLeaf = 3 } },
        { "numbers", new ModelParameters { Trees = 5, FeatureFraction = 1, Depth = 8 } },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Train_AnyNumberOfShardsAndThreads_GivesTheSameBits(string kind, ModelParameters parameters)
    {
        DataSource source = _folder.Source(kind, rows: 3000);

        string[] digests =
        [
            .. from shards in new[] { 1, 2, 3 }
               from digest in ShardThreads.Run(shards, shard => Train(source, parameters, shard, shards == 1 ? 1 : 2))
               select digest,
        ];

        string inMemory =
            Digest(new RandomForestTrainer(2).Train(LoadedData.FromSplit(DataLoader.Load(source), source.Spec).Train, parameters, null, default));
        Assert.Equal([.. Enumerable.Repeat(inMemory, 1 + 2 + 3)], digests);
    }

    private static string Train(DataSource source, ModelParameters parameters, IShardGroup shard, int threads) =>
        Digest(new RandomForestTrainer(threads).Train(DataLoader.LoadBinned(source, shard, threads).Train, parameters, null, default));

    private static string Digest(TreeEnsemble forest) => $"{EnsembleDigest.Compute(forest)} {string.Join(' ', forest.Importance!)}";
}
