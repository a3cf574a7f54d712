using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Relay.Server.Http.Access.Tokens;
using Relay.Server.Http.Tls;
using Relay.Server.Storage;

namespace Relay.Server.Hosting;

/// <summary>Starts a built host, and says how it ended.</summary>
internal static class HostStart
{
    /// <exception cref="RelayStartException">The relay cannot listen.</exception>
    public static async Task RunAsync(WebApplication app, RelayOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception e)
        {
            // Workers have started before the server: disposed without a stop, each would log its cancellation as a failure.
            await app.StopAsync(CancellationToken.None);
            if (Explain(e, options) is { } reason)
            {
                throw new RelayStartException(reason, e);
            }

            throw;
        }
    }

    /// <summary>Reads again what an operator changed and SIGHUP announces.</summary>
    public static void Reload(IServiceProvider services)
    {
        services.GetRequiredService<ServerTls>().Reload();
        services.GetRequiredService<IssuerList>().Reload();
    }

    /// <summary>True where a worker that failed has stopped the host. Whatever restarts services must see that.</summary>
    public static bool HasFailed(IServiceProvider services) =>
        services.GetServices<IHostedService>().OfType<BackgroundService>().Any(worker => worker.ExecuteTask is { IsFaulted: true });

    private static string? Explain(Exception e, RelayOptions options) => e switch
    {
        IOException { InnerException: AddressInUseException } =>
            $"Another process listens on port {options.Port}: stop it, or choose another port by --port.",
        SocketException => $"The relay cannot listen on {options.Address?.ToString() ?? "all addresses"}, port {options.Port}: {e.Message}.",
        _ => null,
    };
}
