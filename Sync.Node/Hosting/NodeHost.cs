using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sync.Client;
using Sync.Node.Hosting.Sockets;
using Sync.Node.Inference.Answers;
using Sync.Node.Inference.Grpc;
using Sync.Node.Inference.Rest;

namespace Sync.Node.Hosting;

/// <summary>The hosts of 'run' and 'serve'. Neither reads settings from files or from the environment.</summary>
internal static class NodeHost
{
    private const int MaximumConnections = 1024;

    /// <summary>A host that keeps the models current.</summary>
    public static IHost CreateRun(Action<RelaySyncOptions> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new() { ApplicationName = "relay-node" });
        AddNode(builder.Services, builder.Logging, configure);
        return builder.Build();
    }

    /// <summary>A host that also serves them.</summary>
    /// <param name="log">Changes where the log goes.</param>
    public static WebApplication CreateServe(Action<RelaySyncOptions> configure, ServeSettings settings, Action<ILoggingBuilder>? log = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "relay-node" });
        AddNode(builder.Services, builder.Logging, configure);
        log?.Invoke(builder.Logging);
        builder.Services.AddSingleton(services => new InferenceService(services.GetRequiredService<SyncClient>(), settings.Limits));
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc(o => (o.MaxReceiveMessageSize, o.MaxSendMessageSize) = (settings.Limits.MaximumBodyBytes, null));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, settings));
        // Requests are answered on the thread that read them: a change of threads costs more than a prediction.
        // A buffer of 4 KiB for each connection saves a call of the kernel for each request.
        builder.Services.Configure<SocketTransportOptions>(
            o => (o.UnsafePreferInlineScheduling, o.WaitForDataBeforeAllocatingBuffer) = (true, false));
        builder.Services.AddSingleton<IConnectionListenerFactory>(services => new ThreadTransport(
            settings.Socket is { } socket ? Path.GetFullPath(socket) : null, services.GetRequiredService<IMemoryPoolFactory<byte>>(),
            services.GetRequiredService<ILoggerFactory>()));
        WebApplication app = builder.Build();
        if (!settings.AllowsRemote)
        {
            app.Use(RefuseOtherHosts);
        }

        InferEndpoint infer = new(app.Services.GetRequiredService<InferenceService>());
        app.Use(new InferShortcut(infer).AnswerAsync);
        app.UseRouting();
        app.MapRest(infer);
        app.MapGrpcService<GrpcInference>();
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            foreach (string path in new[] { settings.Socket, settings.GrpcSocket }.OfType<string>())
            {
                SocketFiles.Restrict(path);
            }
        });
        return app;
    }

    private static void AddNode(IServiceCollection services, ILoggingBuilder logging, Action<RelaySyncOptions> configure)
    {
        logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning);
        // Why the host does not start is the message of the command, without a stack trace.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        if (Environment.GetEnvironmentVariable("JOURNAL_STREAM") is null)
        {
            logging.AddSimpleConsole(o => (o.SingleLine, o.UseUtcTimestamp, o.TimestampFormat) = (true, true, "yyyy-MM-ddTHH:mm:ssZ "));
        }
        else
        {
            logging.AddSystemdConsole();
        }

        services.AddRelaySync(configure);
        services.AddHostedService<SystemdNotifier>();
        services.Configure<ConsoleLifetimeOptions>(o => o.SuppressStatusMessages = true);
        services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(20));
    }

    private static void Listen(KestrelServerOptions kestrel, ServeSettings settings)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxRequestBodySize = settings.Limits.MaximumBodyBytes;
        kestrel.Limits.MaxConcurrentConnections = MaximumConnections;
        foreach ((Uri? address, string? socket, HttpProtocols protocol) in new[]
        {
            (settings.Rest, settings.Socket, HttpProtocols.Http1), (settings.Grpc, settings.GrpcSocket, HttpProtocols.Http2),
        })
        {
            if (address is not null)
            {
                kestrel.Listen(ServeSettings.AddressOf(address), address.Port, o => o.Protocols = protocol);
            }

            if (socket is not null)
            {
                SocketFiles.RemoveStale(Path.GetFullPath(socket));
                kestrel.ListenUnixSocket(Path.GetFullPath(socket), o => o.Protocols = protocol);
            }
        }
    }

    /// <summary>A web page that a browser of this machine shows cannot ask this server under the name of the page's own.</summary>
    private static Task RefuseOtherHosts(HttpContext http, RequestDelegate next) =>
        http.Connection.LocalIpAddress is null || IsThisMachine(http.Request.Host.Host)
            ? next(http)
            : RestAnswers.Error(
                StatusCodes.Status403Forbidden, "the Host header names no loopback address: ask at localhost or 127.0.0.1").WriteAsync(http.Response);

    private static bool IsThisMachine(string host) =>
        host is "localhost" or "127.0.0.1" || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
