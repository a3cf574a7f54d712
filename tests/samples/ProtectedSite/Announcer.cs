using Sync.Client;

namespace ProtectedSite;

/// <summary>Tells in the console, in one line each, what the node took and what it refused.</summary>
internal sealed class Announcer(SyncClient client) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        client.ModelChanged += OnModelChanged;
        client.Refused += OnRefused;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        client.ModelChanged -= OnModelChanged;
        client.Refused -= OnRefused;
        return Task.CompletedTask;
    }

    private static void OnModelChanged(object? sender, ModelChangedEventArgs change)
    {
        foreach (ActiveModelVersion model in change.Models)
        {
            Console.WriteLine($"node: {model.Name} version {model.Version} answers now (release {change.Release}, {model.Sha256[..12]}{(change.Restored ? ", from this node's own store" : "")})");
        }
    }

    private static void OnRefused(object? sender, RefusedEventArgs refused) =>
        Console.WriteLine($"node: refused {refused.Report.Subject}: {refused.Report.Reason} ({refused.Report.Detail})");
}
