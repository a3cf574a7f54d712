using System.Net;
using System.Net.Http.Json;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Replicas;

/// <summary>Two relays, processes on one database and one folder, or each on a folder of its own. The first one works.</summary>
internal sealed class RelayReplicas : IAsyncDisposable
{
    private RelayReplicas(string server, bool isFolderStored)
    {
        Server = server;
        First = new("--database", server) { IsReplica = true, IsFolderStored = isFolderStored };
        Second = new("--database", server) { IsReplica = true, IsFolderStored = isFolderStored, Beside = First };
    }

    public string Server { get; }

    public RelayProcess First { get; }

    public RelayProcess Second { get; }

    /// <param name="isFolderStored">Whether the database has the files of the folder, and each relay a copy of its own.</param>
    public static async Task<RelayReplicas> StartAsync(bool isFolderStored = false)
    {
        Assert.SkipUnless(PostgresServer.IsThere, PostgresServer.NotInstalled);
        RelayReplicas replicas = new(PostgresServer.Shared.CreateEmptyDatabase(), isFolderStored);
        try
        {
            await replicas.First.StartAsync();
            await replicas.Second.StartAsync();
            return replicas;
        }
        catch
        {
            await replicas.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds models by a relay until the result is awaited, and tells which were acknowledged.</summary>
    public static WritesInBackground Write(HttpClient admin, string prefix) => new(admin, prefix);

    public async ValueTask DisposeAsync()
    {
        await Second.DisposeAsync();
        await First.DisposeAsync();
    }

    /// <summary>Writes one after another. Each is acknowledged, or refused because no relay works at the moment.</summary>
    internal sealed class WritesInBackground
    {
        private readonly CancellationTokenSource _end = new();
        private readonly Task _writes;

        public WritesInBackground(HttpClient admin, string prefix) => _writes = Task.Run(() => WriteAsync(admin, prefix));

        public List<string> Acknowledged { get; } = [];

        public int Refused { get; private set; }

        /// <summary>Waits until more are acknowledged.</summary>
        public Task GoOnAsync(int more, string expectation)
        {
            int before = Acknowledged.Count;
            return Task.WhenAny(
                _writes, Eventually.TrueAsync(() => Acknowledged.Count > before + more, expectation)).Unwrap();
        }

        public async Task EndAsync()
        {
            await _end.CancelAsync();
            await _writes;
        }

        private async Task WriteAsync(HttpClient admin, string prefix)
        {
            for (int i = 0; !_end.IsCancellationRequested; i++)
            {
                string name = $"{prefix}-{i}";
                using HttpResponseMessage answer = await admin.PutAsJsonAsync(
                    $"{Routes.Models}/{name}", SmallModel.Spec(name), ModelJson.Default.ModelSpec);
                if (answer.IsSuccessStatusCode)
                {
                    Acknowledged.Add(name);
                }
                else
                {
                    // The second is the answer of a relay that has lost its lock, and has not stopped yet.
                    Assert.Contains(
                        await answer.ProblemTypeAsync(HttpStatusCode.ServiceUnavailable),
                        (string[])["no-active-relay", "database-unavailable"]);
                    Refused++;
                }
            }
        }
    }
}
