using Shared.Contracts;
using Sync.Client;

namespace ProtectedSite;

/// <summary>Prints one line for each model change and each refusal of the node.</summary>
internal sealed class ConsoleReporter(SyncClient client) : IHostedService
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
                ? $"node: {now.Name} version {now.Version} is active (release {change.Release}, {now.Sha256[..12]}" +
                    $"{(change.Cause is ModelChangeCause.Restore or ModelChangeCause.Fallback ? ", from the node's own store" : "")})"
                : $"node: {model.Model} has no active version");
        }
    }

    private static void OnRefused(object? sender, RefusedEventArgs refused) =>
        Console.WriteLine(DisplayText.Format($"node: refused {refused.Report.Subject}: {refused.Report.Reason} ({refused.Report.Detail})"));
}
