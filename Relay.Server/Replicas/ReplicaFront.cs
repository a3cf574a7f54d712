using System.Diagnostics;
using Relay.Server.Hosting;
using Relay.Server.Http.Tls;
using Relay.Server.Storage;

namespace Relay.Server.Replicas;

/// <summary>The server of a replica: it has the port and the connections for as long as the process lives.</summary>
internal static class ReplicaFront
{
    public static WebApplication Build(RelayOptions options, ReplicaSettings replica)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        RelayHost.AddLogging(builder.Logging, options.LogLevel, options.LogFormat);
        RelayHost.AddServer(builder.WebHost, options);
        builder.Services
            .AddSingleton(options.TimeProvider)
            .AddSingleton(new DataFolder(options.DataFolder, options.Server))
            .AddSingleton(replica)
            .AddServerTls(options.Tls)
            .AddSingleton<PeerCertificates>()
            .AddSingleton<ActiveRelayFinder>()
            .AddSingleton<RequestForwarder>()
            .AddSingleton<ReplicaRequests>()

            // The relay that answers a request traces it, under its own name.
            .AddSingleton(_ => new ActivitySource("Relay.Replica"))
            .AddRouting()
            .AddHttpForwarder();
        WebApplication app = builder.Build();
        app.Run(app.Services.GetRequiredService<ReplicaRequests>().AnswerAsync);
        return app;
    }
}
