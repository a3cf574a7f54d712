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
        foreach (ModelChange model in change.Changes)
        {
            Console.WriteLine(model.New is { } now
                ? $"node: {now.Name} version {now.Version} answers now (release {change.Release}, {now.Sha256[..12]}{(change.Cause is ModelChangeCause.Restore or ModelChangeCause.Fallback ? ", from this node's own store" : "")})"
                : $"node: {model.Model} has no version that may answer");
        }
    }

    private static void OnRefused(object? sender, RefusedEventArgs refused) =>
        Console.WriteLine($"node: refused {refused.Report.Subject}: {refused.Report.Reason} ({refused.Report.Detail})");
}
