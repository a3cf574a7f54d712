using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Relay.Server.Http.Tls;
using Relay.Server.Storage;
using Relay.Training.Federated;

namespace Relay.Server.Federation;

/// <summary>A coordinator as an HTTPS server of its own: it needs no relay, and holds no rows, no model and no key of an owner.</summary>
internal static class CoordinatorHost
{
    // One request is open for as long as the owner takes part, and one at a time carries messages.
    private const int StreamsPerConnection = 8;
    private const int ConnectionsPerOwner = 8;
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PingTime = TimeSpan.FromSeconds(15);

    /// <param name="folder">Holds the coordinator's TLS certificate and its authority.</param>
    public static WebApplication Build(
        RoundDocument round, RoundBoard board, DataFolder folder, ServerTlsOptions tls, IPAddress? address, int port, TimeProvider timeProvider)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(timeProvider).AddSingleton(folder).AddLogging().AddServerTls(tls);
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RoundMessage.MaxBytes;
            kestrel.Limits.MaxConcurrentConnections = ConnectionsPerOwner * round.Owners.Count;
            kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnection;
            kestrel.Limits.Http2.InitialStreamWindowSize = RoundMessage.MaxPayload;
            kestrel.Limits.Http2.InitialConnectionWindowSize = 2 * RoundMessage.MaxPayload;

            // An owner whose network is gone closes nothing: it answers no ping.
            kestrel.Limits.Http2.KeepAlivePingDelay = PingInterval;
            kestrel.Limits.Http2.KeepAlivePingTimeout = PingTime;
            ServerTls certificate = kestrel.ApplicationServices.GetRequiredService<ServerTls>();
            void Secure(ListenOptions listen)
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => new(certificate.Current) });
            }

            if (address is null)
            {
                kestrel.ListenAnyIP(port, Secure);
            }
            else
            {
                kestrel.Listen(address, port, Secure);
            }
        });
        WebApplication app = builder.Build();
        RoundVerifier verifier = new(round);
        app.Lifetime.ApplicationStopped.Register(verifier.Dispose);
        app.Run(new RoundEndpoints(board, verifier).HandleAsync);
        return app;
    }
}
