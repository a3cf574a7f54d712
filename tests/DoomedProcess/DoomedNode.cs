using Microsoft.Extensions.Logging.Abstractions;
using Shared.Platform.Files;
using Sync.Client;
using Sync.Client.Storage;

namespace DoomedProcess;

/// <summary>A node that does one thing to its store.</summary>
internal static class DoomedNode
{
    public static async Task<int> RefreshAsync(TimeProvider clock, Action<FileStep> step, string[] settings)
    {
        using SyncClient node = Open(clock, step, settings);
        await node.RestoreAsync();
        RefreshResult result = await node.RefreshAsync();
        return result.Activated ? 0 : 1;
    }

    public static int Hold(TimeProvider clock, Action<FileStep> step, string[] settings)
    {
        using SyncClient node = Open(clock, step, settings);
        if (node.StoreFault is { } refused)
        {
            Console.WriteLine(refused.Reason);
            return 0;
        }

        Console.WriteLine("open");
        Console.ReadLine();
        return 0;
    }

    private static SyncClient Open(TimeProvider clock, Action<FileStep> step, string[] settings)
    {
        RelaySyncOptions options = new()
        {
            Relay = new Uri(settings[0]),
            TlsRoot = settings[1],
            TrustedRoot = settings[2],
            StoreFolder = settings[3],
            NodeId = "doomed",
            Models = { settings[4] },
        };
        options.Budgets.Retries = 0;
        options.Budgets.TryOutLatency = TimeSpan.FromSeconds(5);
        options.Budgets.KernelMeasuring = TimeSpan.Zero;
        return new SyncClient(options, clock, NullLogger<SyncClient>.Instance, new StoreFiles(step));
    }
}
