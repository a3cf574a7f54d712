using System.CommandLine;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary><c>relay status</c>: the state of a relay and the reports of its nodes.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        RelayConnection connection = new();
        Command command = new("status", "Shows the models, training runs, channels, expiries and nodes of a running relay.");
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            TextWriter output = parsed.InvocationConfiguration.Output;
            RelayStats stats = await relay.GetAsync(Routes.LegacyStats, RelayApiJson.Default.RelayStats, cancellationToken);
            await output.WriteLineAsync(
                $"{stats.Models} models, {stats.Versions} versions, {stats.Releases} releases; "
                + $"up {TimeSpan.FromSeconds(stats.UptimeSeconds)}");
            await output.WriteLineAsync($"runs: {Join(stats.TrainingRuns.Select(r => $"{r.Value} {r.Key}"))}");

            Page<ChannelView> channels = await relay.GetAsync(Routes.Channels, RelayApiJson.Default.PageChannelView, cancellationToken);
            foreach (ChannelView channel in channels.Items)
            {
                await output.WriteLineAsync(
                    $"channel {channel.Channel}: release {channel.Release}, {Join(channel.Models.Select(m => $"{m.Name} {m.Version}"))}");
            }

            TrustView trust = await relay.GetAsync(Routes.Trust, RelayApiJson.Default.TrustView, cancellationToken);
            foreach (TrustExpiryView expiry in trust.Expiries)
            {
                await output.WriteLineAsync(FormattableString.Invariant(
                    $"trust {expiry.Subject}: {(expiry.State == "fine" ? "" : $"{expiry.State.ToUpperInvariant()}, ")}until {expiry.Expires:u}, {expiry.DaysLeft:0.0} days left"));
            }

            await WriteNodesAsync(relay, output, cancellationToken);
            return 0;
        });
        return command;
    }

    private static async Task WriteNodesAsync(RelayApi relay, TextWriter output, CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            string query = cursor is null ? "" : $"?cursor={Uri.EscapeDataString(cursor)}";
            Page<NodeView> page = await relay.GetAsync(Routes.Nodes + query, RelayApiJson.Default.PageNodeView, cancellationToken);
            foreach (NodeView node in page.Items)
            {
                CheckIn last = node.CheckIn;
                await output.WriteLineAsync(
                    $"node {node.Id}: {last.Channel} release {last.Release}{(last.Stale ? ", STALE" : "")}, seen {node.SeenAt:u}, "
                    + Join(last.Models.Select(
                        m => $"{m.Name} {m.Version} ({m.Scorer}, {m.Predictions} predictions, {m.Failures} failed)")));
                foreach (QuarantinedArtifact artifact in last.Quarantine)
                {
                    await output.WriteLineAsync($"  quarantined {artifact.Model} {artifact.Version}: {artifact.Reason}");
                }

                foreach (RefusalReport refusal in last.Refusals)
                {
                    await output.WriteLineAsync($"  refused {refusal.Subject}: {refusal.Reason}, {refusal.Detail}");
                }
            }

            cursor = page.Next;
        }
        while (cursor is not null);
    }

    private static string Join(IEnumerable<string> parts) => string.Join(", ", parts) is { Length: > 0 } joined ? joined : "none";
}
