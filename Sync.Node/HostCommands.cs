using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Shared.Contracts;
using Sync.Client;
using Sync.Node.Hosting;

namespace Sync.Node;

/// <summary>The commands that run until they are stopped: by SIGTERM, Ctrl+C, or systemd.</summary>
internal static class HostCommands
{
    /// <returns>0 when it was stopped, 1 when it could not start.</returns>
    public static Task<int> RunAsync(RelaySyncOptions options, CancellationToken cancellationToken) =>
        RunAsync(() => NodeHost.CreateRun(o => NodeOptions.Copy(options, o)), cancellationToken);

    /// <returns>0 when it was stopped, 1 when it could not start.</returns>
    public static async Task<int> ServeAsync(RelaySyncOptions options, ServeSettings settings, CancellationToken cancellationToken)
    {
        if (settings.FindError() is { } error)
        {
            await Console.Error.WriteLineAsync("relay-node: " + error);
            return 1;
        }

        return await RunAsync(() => NodeHost.CreateServe(o => NodeOptions.Copy(options, o), settings), cancellationToken);
    }

    private static async Task<int> RunAsync(Func<IHost> create, CancellationToken cancellationToken)
    {
        try
        {
            using IHost host = create();
            await host.RunAsync(cancellationToken);
            return 0;
        }
        catch (OptionsValidationException invalid)
        {
            await Console.Error.WriteLineAsync(string.Join('\n', invalid.Failures));
            return 1;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SocketException)
        {
            await Console.Error.WriteLineAsync(DisplayText.Format($"relay-node: {failure.Message}"));
            return 1;
        }
    }
}
