using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging.Console;
using Relay.Server.Fleet;
using Relay.Server.Hosting.Tls;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Relay.Server.Models;
using Relay.Server.Monitoring;
using Relay.Server.Releases;
using Relay.Server.Repository;
using Relay.Server.Repository.GarbageCollection;
using Relay.Server.Training;

namespace Relay.Server.Hosting;

/// <summary>Composes a relay. Nothing else in the program knows how its parts fit together.</summary>
internal static class RelayHost
{
    private const long MaximumBodyBytes = 1024 * 1024;

    /// <summary>Opens the data folder, making what is missing, and builds the host; start it to listen.</summary>
    /// <exception cref="RelayStartException">The folder is in use, or a setting is wrong.</exception>
    /// <exception cref="InvalidDataException">Keys or repository are damaged.</exception>
    public static async Task<WebApplication> BuildAsync(RelayOptions options, CancellationToken cancellationToken)
    {
        RelayFolder folder = await RelayFolder.OpenAsync(options, cancellationToken);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        AddLogging(builder, options);
        AddServer(builder, options);
        AddParts(builder.Services, options, folder);
        WebApplication app = builder.Build();

        // First made, last disposed: everything else works in the folder.
        app.Services.GetRequiredService<RelayFolder>();
        UseRequests(app);
        return app;
    }

    private static void AddLogging(WebApplicationBuilder builder, RelayOptions options) => builder.Logging
        .SetMinimumLevel(options.LogLevel)
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddFilter(typeof(ApiKeyAuthentication).FullName, LogLevel.Warning)
        .AddConsole(console => console.FormatterName = LineFormatter.FormatterName)
        .AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();

    private static void AddServer(WebApplicationBuilder builder, RelayOptions options) => builder.WebHost.UseKestrel(kestrel =>
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaximumBodyBytes;
        ServerTls tls = kestrel.ApplicationServices.GetRequiredService<ServerTls>();
        void Secure(ListenOptions listen) => listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => new(tls.Current) });
        if (options.Address is { } address)
        {
            kestrel.Listen(address, options.Port, Secure);
        }
        else
        {
            kestrel.ListenAnyIP(options.Port, Secure);
        }
    });

    private static void AddParts(IServiceCollection services, RelayOptions options, RelayFolder folder)
    {
        services.AddSingleton(options);
        services.AddSingleton(options.Time);
        folder.AddTo(services);

        services.AddSingleton<DevelopmentCa>();
        services.AddSingleton<ServerTls>();
        services.AddHostedService(s => s.GetRequiredService<ServerTls>());
        services.AddApiKeys();
        services.AddRateLimits(options);
        services.AddRouting();
        services.AddExceptionHandler<ExceptionProblems>();
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json => Configure(json.SerializerOptions));

        services.AddSingleton<ModelStore>();
        services.AddSingleton<VersionStore>();
        services.AddSingleton<DatasetFolder>();
        services.AddSingleton<TrainingRunStore>();
        services.AddSingleton<TrainingRunFeed>();
        services.AddSingleton<TrainingQueue>();
        services.AddSingleton<TrainingRows>();
        services.AddSingleton<TrainingExecution>();
        services.AddHostedService<TrainingWorker>();
        services.AddSingleton<RepositoryCache>();
        services.AddSingleton<ImmutableFileTags>();
        services.AddHostedService<MetadataRenewalWorker>();
        services.AddHostedService<GarbageCollectionWorker>();
        services.AddSingleton<ReleasedSigners>();
        services.AddSingleton<TrustOverview>();
        services.AddHostedService<ExpiryMonitor>();
        services.AddSingleton<NodeStore>();
        services.AddSingleton(new Uptime(options.Time));
    }

    /// <summary>As strict as the contracts' own serializer contexts: a member that we do not know is a mistake to be told of.</summary>
    private static void Configure(JsonSerializerOptions json)
    {
        json.AllowDuplicateProperties = false;
        json.PropertyNameCaseInsensitive = false;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.RespectNullableAnnotations = true;
        json.RespectRequiredConstructorParameters = true;
    }

    private static void UseRequests(WebApplication app)
    {
        app.Use(WithoutBodyOnHead);
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(
            context => RelayProblems.OfStatus(context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext));
        app.UseRouting();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();

        app.MapModels();
        app.MapTrainingRuns();
        app.MapChannels();
        app.MapRevocations();
        app.MapTrust();
        app.MapPending();
        app.MapRepository();
        app.MapFleet();
        app.MapStableModels();
        app.MapStats();
        app.MapHealth();
    }

    /// <summary>Problems have a body, and an answer to HEAD must not: over HTTP/2 the client would call it a protocol error.</summary>
    private static Task WithoutBodyOnHead(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Body = Stream.Null;
        }

        return next(context);
    }
}
