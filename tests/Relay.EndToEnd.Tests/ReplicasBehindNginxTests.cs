using System.Net;
using System.Net.Http.Json;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.EndToEnd.Tests;

/// <summary>Two relays on one folder and one PostgreSQL database, and a process that trains for them, behind nginx, which sends each request to
/// either. Nothing tells a client that there are two.</summary>
public sealed class ReplicasBehindNginxTests
{
    [Fact]
    [Trait("Attack", "kill")]
    public async Task Kill_OfTheRelayThatWorks_InTheMiddleOfPublicationsAndARotation_LosesNothingAndDoesNothingTwice()
    {
        Assert.SkipUnless(NginxProcess.IsInstalled, "nginx is not installed");
        Assert.SkipUnless(PostgresServer.IsThere, PostgresServer.NotInstalled);
        string server = PostgresServer.Shared.CreateEmptyDatabase();
        await using RelayProcess first = new("--database", server, "--role", "api") { IsReplica = true };
        await using RelayProcess second = new("--database", server, "--role", "api") { IsReplica = true, Beside = first };
        await using RelayProcess worker = new("--database", server) { IsWorker = true, Beside = first };
        await first.StartAsync();
        await second.StartAsync();
        await worker.StartAsync();
        await using NginxProcess nginx = await NginxProcess.StartAsync(port => Servers(port, first, second));
        using HttpClient admin = first.CreateAdminClient(nginx.Address);
        TrainingRun run = await admin.StartRunAsync(SmallModel.Spec(), SmallModel.Data);
        TrainingRun trained = await admin.WaitForRunAsync(run.Id, found => found.IsFinished);
        Assert.Equal(TrainingRunState.Succeeded, trained.State);

        using CancellationTokenSource end = new();
        List<string> channels = [];
        Task publications = Task.Run(() => PublishAsync(admin, channels, end.Token));
        foreach ((RelayProcess works, RelayProcess waits, string role) in
            (IEnumerable<(RelayProcess, RelayProcess, string)>)[(first, second, "timestamp"), (second, first, "channels")])
        {
            await Eventually.TrueAsync(() => channels.Count > 2, "releases are published");
            Task<CommandRun?> rotation = CommandRun.TryAsync(
                "dotnet", [first.Program, "keys", "rotate", role, "--data", first.DataFolder, "--database", server]);
            await works.KillAsync();
            Assert.Equal((0, ""), ((await rotation)!.ExitCode, (await rotation)!.Errors));
            int before = channels.Count;
            await Eventually.TrueAsync(() => channels.Count > before + 2 || publications.IsCompleted, "releases are published again");
            await works.StartAsync();
        }

        await end.CancelAsync();
        await publications;

        // Each channel has the one release that was made for it, also where the answer to the request was lost and it was sent again.
        Page<ChannelView> found = (await admin.GetFromJsonAsync($"{Routes.Channels}?limit=500", RelayApiJson.Default.PageChannelView))!;
        Assert.Equal(channels.Order(StringComparer.Ordinal), found.Items.Select(channel => channel.Channel).Order(StringComparer.Ordinal));
        Assert.Equal(channels.Count, found.Items.Select(channel => channel.Release).Distinct().Count());
        Assert.Equal(channels.Count, found.Items.Max(channel => channel.Release));
    }

    private static async Task PublishAsync(HttpClient admin, List<string> channels, CancellationToken cancellationToken)
    {
        for (int i = 0; !cancellationToken.IsCancellationRequested; i++)
        {
            string channel = $"c-{i}";
            int tries = 0;
            await Eventually.TrueAsync(
                async () => await TryPublishAsync(admin, channel, $"{channel}-{tries}") || await HasAsync(admin, channel, tries++), "it is published",
                cancellationToken: CancellationToken.None);
            channels.Add(channel);
        }
    }

    /// <summary>Whether what had no answer was done after all: as clients are told to.</summary>
    private static async Task<bool> HasAsync(HttpClient admin, string channel, int tries)
    {
        using HttpResponseMessage found = await admin.GetAsync($"{Routes.Channels}/{channel}");
        Assert.True(found.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound || tries < 100, $"{found.StatusCode}");
        return found.IsSuccessStatusCode;
    }

    private static async Task<bool> TryPublishAsync(HttpClient admin, string channel, string key)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, Routes.ReleaseOf(channel))
        {
            Content = JsonContent.Create(
                new ReleaseRequest { Models = [new ModelVersion(SmallModel.Name, 1)], NewChannel = true }, RelayApiJson.Default.ReleaseRequest),
            Headers = { { Routes.IdempotencyKeyHeader, key } },
        };
        using HttpResponseMessage answer = await admin.SendAsync(request);
        if (answer.IsSuccessStatusCode)
        {
            return true;
        }

        // nginx lost its connection, a replica had no relay to send it on to, or the relay ended in the middle of it.
        Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.BadGateway, HttpStatusCode.ServiceUnavailable, HttpStatusCode.Conflict]);
        return false;
    }

    private static string Servers(int port, RelayProcess first, RelayProcess second)
    {
        string presented = Path.Combine(first.DataFolder, "tls", "server.key");
        return $$"""
            upstream relay {
                server 127.0.0.1:{{first.Address.Port}} max_fails=0;
                server 127.0.0.1:{{second.Address.Port}} max_fails=0;
            }
            server {
                listen 127.0.0.1:{{port}} ssl;
                ssl_certificate {{presented}};
                ssl_certificate_key {{presented}};
                location / {
                    proxy_pass https://relay;
                    proxy_http_version 1.1;
                    proxy_set_header Host $host;
                    proxy_set_header X-Forwarded-For $remote_addr;
                    proxy_ssl_verify on;
                    proxy_ssl_trusted_certificate {{Path.Combine(first.DataFolder, "tls", "ca.pem")}};
                    proxy_ssl_name localhost;
                }
            }
            """;
    }
}
