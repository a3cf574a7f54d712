using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging.Console;
using Relay.Server.Audit;
using Relay.Server.Boms;
using Relay.Server.Datasets;
using Relay.Server.Events;
using Relay.Server.Fleet;
using Relay.Server.Fleet.Identity;
using Relay.Server.History;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Access.Tokens;
using Relay.Server.Http.Connections;
using Relay.Server.Http.OpenApi;
using Relay.Server.Http.Tls;
using Relay.Server.Idempotency;
using Relay.Server.Keys;
using Relay.Server.Models;
using Relay.Server.Monitoring;
using Relay.Server.ObjectStore;
using Relay.Server.Releases;
using Relay.Server.Repository;
using Relay.Server.Retention;
using Relay.Server.Retraining;
using Relay.Server.Rollouts;
using Relay.Server.Signing;
using Relay.Server.Storage;
using Relay.Server.Telemetry;
using Relay.Server.Training;
using Relay.Server.WebConsole;
using Relay.Server.Webhooks;
using Relay.Server.Workers;

namespace Relay.Server.Hosting;

/// <summary>The composition of a relay: its features in order, from the data folder to the routes.</summary>
internal static class RelayHost
{
    private const long MaximumBodyBytes = 1024 * 1024;

    /// <summary>Opens the data folder, creates what is missing, and builds the host; start it to listen.</summary>
    /// <exception cref="RelayStartException">The folder is in use or lacks what it had, or a setting is wrong.</exception>
    /// <exception cref="InvalidDataException">Keys or repository are damaged.</exception>
    public static async Task<WebApplication> BuildAsync(RelayOptions options, CancellationToken cancellationToken)
    {
        if (options.Telemetry.FindError() is { } error)
        {
            throw new RelayStartException(error);
        }

        IdentitySettings identity = IdentitySettings.Read(options.IdentityFile);
        _ = OpenFileLimit.Connections();
        RelayFolder folder = await RelayFolder.OpenAsync(options, cancellationToken);
        try
        {
            return Build(options, identity, folder);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static WebApplication Build(RelayOptions options, IdentitySettings identity, RelayFolder folder)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(options.Telemetry.Variables);
        AddLogging(builder.Logging, options.LogLevel, options.LogFormat);
        AddServer(builder.WebHost, options);
        AddFeatures(builder.Services, options, identity, folder);
        if (options.Replica is not { Role: RelayRole.Api })
        {
            builder.Services.AddTrainingWorker();
        }

        options.MoreServices?.Invoke(builder.Services);
        builder.Services.AddHostedService<WorkerEnd>();
        WebApplication app = builder.Build();

        // The container disposes in reverse order of creation: the folder, in which all others work, closes last.
        app.Services.GetRequiredService<RelayFolder>();
        MapFeatures(app.UseInnerRequests().UseRelayHttp().UseIdempotency().UseAudit());

        // The TLS authority is made when the server starts.
        app.Lifetime.ApplicationStarted.Register(folder.Remember);
        return app;
    }

    internal static void AddFeatures(
        IServiceCollection services, RelayOptions options, IdentitySettings identity, RelayFolder folder) => services
        .AddSingleton(options.TimeProvider)
        .AddSingleton(_ => folder)
        .AddTelemetry(options.Telemetry)
        .AddServerTls(options.Tls)
        .AddRelayHttp(
            new OpenAccess(options.OpenArtifacts, options.OpenCheckIns, options.OpenMetrics), identity, options.RequestsPerSecondAndAddress,
            options.TrustedProxies)
        .AddRelayStorage(folder.Paths, folder.Database, folder.Artifacts, folder.Stored, options.MaximumDataBytes)
        .AddKeys(folder.Keys)
        .AddSigning(folder.Signing)
        .AddRepository(folder.Repository)
        .AddObjectStore(options.ObjectStore)
        .AddAudit()
        .AddIdempotency()
        .AddWebhooks(new WebhookSettings { AllowsPrivate = options.PrivateWebhooks })
        .AddModels()
        .AddDatasets()
        .AddTraining(options.DatasetsFolder, options.TrainingLimits, isShared: options.Replica is not null)
        .AddRetraining()
        .AddReleases()
        .AddRetention(options.Retention)
        .AddRollouts()
        .AddFleet(new NodeLimits(options.MaximumNodes) { Retention = options.HistoryTime })
        .AddHistory()
        .AddEvents(EventLimits.Create(options.MaximumEventStreams, OpenFileLimit.Connections()), new PollPace(options.PollSeconds))
        .AddMonitoring(options.TimeProvider)
        .AddConsole();

    private static void MapFeatures(IEndpointRouteBuilder app)
    {
        app.MapApiKeys();
        app.MapAudit();
        app.MapWebhooks();
        app.MapModels();
        app.MapDatasets();
        app.MapTraining();
        app.MapRetraining();
        app.MapReleases();
        app.MapRetention();
        app.MapRollouts();
        app.MapRepository();
        app.MapFleet();
        app.MapHistory();
        app.MapEvents();
        app.MapBoms();
        app.MapMonitoring();
        app.MapApiDescription();
        app.MapConsole();
    }

    internal static void AddLogging(ILoggingBuilder logging, LogLevel level, LogFormat format) => logging
        .SetMinimumLevel(level)
        .AddFilter("Microsoft", LogLevel.Warning)

        // It logs nothing of this level, and makes an activity for each request where it might.
        .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)
        .AddFilter("Yarp", LogLevel.None)
        .AddFilter(typeof(ApiKeyAuthentication).FullName, LogLevel.Warning)
        .AddFilter(typeof(NodeSignatureAuthentication).FullName, LogLevel.Warning)
        .AddConsole(console => console.FormatterName = format is LogFormat.Json ? JsonFormatter.FormatterName : LineFormatter.FormatterName)
        .AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>()
        .AddConsoleFormatter<JsonFormatter, ConsoleFormatterOptions>();

    internal static void AddServer(ConfigureWebHostBuilder host, RelayOptions options) => host
        .UseBoundedSockets(OpenFileLimit.Sockets())
        .UseKestrel(kestrel => ListenTo(kestrel, options));

    private static void ListenTo(KestrelServerOptions kestrel, RelayOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaximumBodyBytes;
        ServerTls tls = kestrel.ApplicationServices.GetRequiredService<ServerTls>();
        ConnectionLimit connections = new(
            options.ConnectionsPerAddress, OpenFileLimit.Connections(), options.TrustedProxies, options.TimeProvider,
            kestrel.ApplicationServices.GetRequiredService<ILogger<ConnectionLimit>>());
        void Secure(ListenOptions listen)
        {
            listen.Use(connections.Limit);
            listen.Use(ConnectionOutput.SendDirectly);
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => new(tls.Current) });
            listen.Use(ConnectionOutput.FillRecords);
        }

        if (options.Address is { } address)
        {
            kestrel.Listen(address, options.Port, Secure);
        }
        else
        {
            kestrel.ListenAnyIP(options.Port, Secure);
        }
    }
}
