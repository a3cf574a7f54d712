using System.Net;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Cli;
using Relay.Server.Hosting;
using Relay.Server.Http.Tls;
using Relay.Server.Replicas;
using Relay.Server.Storage.Postgres;
using Relay.TestKit;
using Relay.TestKit.Databases;

namespace Relay.Server.Tests.Replicas;

/// <summary>A replica that waits, and in place of the relay that works what a test says.</summary>
internal sealed class ReplicaWithStub : IAsyncDisposable
{
    public const string Secret = "the secret of the relay that works";

    private readonly TemporaryFolder _folder = new();
    private readonly WebApplication _front;
    private readonly WebApplication _stub;

    private ReplicaWithStub(RequestDelegate answer)
    {
        string server = PostgresServer.Shared.CreateDatabase();
        RelayOptions options = new() { DataFolder = _folder.FullPath, Server = server, Address = IPAddress.Loopback, Port = 0 };
        _front = ReplicaFront.Build(options, new(RelayRole.Api, new Uri("https://localhost:1")));
        ServerTls tls = _front.Services.GetRequiredService<ServerTls>();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(
                IPAddress.Loopback, 0, listen => listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => new(tls.Current) }));
        });
        _stub = builder.Build();
        _stub.Run(answer);
        Server = server;
    }

    public string Server { get; }

    /// <summary>Asks the replica.</summary>
    public HttpClient Client { get; private set; } = null!;

    public Uri Address => AddressOf(_front);

    public RequestForwarder Forwarder => _front.Services.GetRequiredService<RequestForwarder>();

    public static async Task<ReplicaWithStub> StartAsync(RequestDelegate answer)
    {
        Assert.SkipUnless(PostgresServer.IsThere, PostgresServer.NotInstalled);
        ReplicaWithStub replica = new(answer);
        await replica._stub.StartAsync();
        await replica._front.StartAsync();
        using (PostgresConnection connection = PostgresDatabase.Connect(replica.Server))
        {
            connection.Execute(
                "INSERT INTO active_relay (id, address, secret, since) VALUES (1, @address, @Secret, 0)",
                new { address = AddressOf(replica._stub).AbsoluteUri, Secret });
        }

        SocketsHttpHandler handler = new() { AllowAutoRedirect = false, Expect100ContinueTimeout = TimeSpan.FromMinutes(1) };
        handler.SslOptions.TargetHost = "localhost";
        handler.SslOptions.CertificateChainPolicy = RelayApi.Pin(Path.Combine(replica._folder.FullPath, "tls", "ca.pem"));
        replica.Client = new(handler) { BaseAddress = replica.Address };
        return replica;
    }

    /// <summary>Stops the replica in order.</summary>
    public Task StopAsync() => _front.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await _front.StopAsync();
        await _front.DisposeAsync();
        await _stub.DisposeAsync();
        _folder.Dispose();
    }

    private static Uri AddressOf(WebApplication app)
    {
        Uri listens = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return new($"https://localhost:{listens.Port}");
    }
}
