using System.Net.ServerSentEvents;
using Shared.Contracts.Api;

namespace SimulatedFleet;

/// <summary>What a node does by itself: it follows the event stream, and reports at its interval and after each activation.</summary>
internal sealed class NodeLoop(
    LightNode node, SignedConnection connection, SharedEvents events, FleetOptions options, Action<string> complain, TimeProvider timeProvider)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>True while an event stream is open.</summary>
    public bool HasStream { get; private set; }

    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(RepeatAsync(FollowAsync, cancellationToken), RepeatAsync(ReportAsync, cancellationToken));

    /// <summary>Reads the stream until it ends. A hint says only "look": what is true comes from the signed metadata, which the stream may have
    /// brought.</summary>
    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await connection.OpenEventsAsync(node, options.Channel, node.Timestamp, cancellationToken);
        await SignedConnection.RequireSuccessAsync(response, $"{node.Id}: event stream", cancellationToken);
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        try
        {
            HasStream = true;
            await foreach (SseItem<object?> received in SseParser.Create(body, events.Read).EnumerateAsync(cancellationToken))
            {
                if (received.Data is FilesEvent files)
                {
                    node.Keep(files);
                }
                else if (received.Data is MetadataEvent hint && hint.Timestamp > node.Timestamp)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * hint.SpreadMs), timeProvider, cancellationToken);
                    await RefreshAsync(cancellationToken);
                }
            }
        }
        finally
        {
            HasStream = false;
        }
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        int before = node.Release;
        await node.RefreshAsync(cancellationToken);
        if (node.Release != before && options.ReportInterval is not null)
        {
            await node.ReportAsync(cancellationToken);
        }
    }

    private async Task ReportAsync(CancellationToken cancellationToken)
    {
        if (options.ReportInterval is not { } interval)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return;
        }

        await Task.Delay(interval * Random.Shared.NextDouble(), timeProvider, cancellationToken);
        using PeriodicTimer timer = new(interval, timeProvider);
        do
        {
            await node.ReportAsync(cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task RepeatAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await work(cancellationToken);
                await Task.Delay(Pause, timeProvider, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is FleetException or HttpRequestException or IOException or InvalidDataException)
            {
                complain($"{node.Id}: {e.Message}");
                await Task.Delay(Pause, timeProvider, CancellationToken.None);
            }
        }
    }
}
