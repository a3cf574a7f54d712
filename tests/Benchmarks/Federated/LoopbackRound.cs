using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Relay.Server.Cli;
using Relay.Server.Federation;
using Relay.Server.Http.Tls;
using Relay.Server.Storage;
using Relay.Training.Data.Reading;
using Relay.Training.Federated;
using Shared.Contracts.Models;

namespace Benchmarks.Federated;

/// <summary>A coordinator and owners over HTTPS, all in this process.</summary>
internal static class LoopbackRound
{
    /// <summary>Runs the work of each owner, at the same time.</summary>
    public static async Task<T[]> RunAsync<T>(
        int owners, ModelSpec spec, ShardAgreement agreement, string folder, Func<FederatedShardGroup, T> work, CancellationToken cancellationToken)
    {
        OwnerKey[] keys = [.. Enumerable.Range(0, owners).Select(_ => OwnerKey.Create())];
        RoundDocument round = RoundDocument.Parse(new RoundPlan(
            JsonSerializer.SerializeToUtf8Bytes(spec, ModelJson.Default.ModelSpec), new string('0', 64),
            [.. keys.Select((key, i) => new RoundOwner($"owner-{i}", key.PublicKey))], agreement).Write());
        using RoundBoard board = new(round, TimeProvider.System, _ => { });
        DataFolder data = DataFolder.CreateForTls(folder);
        await using WebApplication app = CoordinatorHost.Build(
            round, board, data, new ServerTlsOptions(), IPAddress.Loopback, 0, TimeProvider.System);
        await app.StartAsync(cancellationToken);
        board.Open();
        T[] results = await Task.WhenAll(keys.Select(key => Task.Factory.StartNew(
            () => RunOwner(new Uri(app.Urls.Single()), data.AuthorityCertificate, round, key, work, cancellationToken), cancellationToken,
            TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Array.ForEach(keys, key => key.Dispose());
        return results;
    }

    private static T RunOwner<T>(
        Uri coordinator, string authority, RoundDocument round, OwnerKey key, Func<FederatedShardGroup, T> work, CancellationToken cancellationToken)
    {
        HttpRoundTransport transport = HttpRoundTransport.ConnectAsync(
            coordinator, RelayApi.Pin(authority), round, key, TimeProvider.System, cancellationToken).GetAwaiter().GetResult();
        try
        {
            using FederatedShardGroup group = FederatedShardGroup.Join(round, key, transport, cancellationToken);
            T result = work(group);
            group.Finish([]);
            return result;
        }
        finally
        {
            transport.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }
}
