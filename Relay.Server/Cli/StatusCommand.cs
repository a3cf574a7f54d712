using System.CommandLine;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary><c>relay status</c>: the state of a relay and the reports of its nodes.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        RelayConnection connection = new(AccessPolicies.Audit);
        Command command = new("status", "Shows the models, training runs, channels, expiries and nodes of a running relay.");
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            TextWriter output = parsed.InvocationConfiguration.Output;
            RelayStats stats = await relay.GetAsync(Routes.LegacyStats, RelayApiJson.Default.RelayStats, cancellationToken);
            await output.WriteLineAsync(
                DisplayText.Format(
                    $"{stats.Models} models, {stats.Versions} versions, {stats.Releases} releases; up {TimeSpan.FromSeconds(stats.UptimeSeconds)}"));
            await output.WriteLineAsync(DisplayText.Format($"runs: {Join(stats.TrainingRuns.Select(r => $"{r.Value} {r.Key}"))}"));

            Page<ChannelView> channels = await relay.GetAsync(Routes.Channels, RelayApiJson.Default.PageChannelView, cancellationToken);
            foreach (ChannelView channel in channels.Items)
            {
                await output.WriteLineAsync(
                    DisplayText.Format(
                        $"channel {channel.Channel}: release {channel.Release}, {Join(channel.Models.Select(m => $"{m.Name} {m.Version}"))}"));
                foreach (ModelVersion revoked in channel.Revoked)
                {
                    await output.WriteLineAsync(DisplayText.Format(
                        $"  REVOKED: {revoked.Name} {revoked.Version}; nodes refuse it: publish another version, or an " +
                            $"earlier release, to {channel.Channel}"));
                }
            }

            await WriteRevocationsAsync(relay, output, cancellationToken);
            TrustView trust = await relay.GetAsync(Routes.Trust, RelayApiJson.Default.TrustView, cancellationToken);
            foreach (TrustExpiryView expiry in trust.Expiries)
            {
                await output.WriteLineAsync(DisplayText.Format(
                    $"trust {expiry.Subject}: {(expiry.State == "fine" ? "" : $"{expiry.State.ToUpperInvariant()}, ")}until {expiry.Expires:u}, " +
                        $"{expiry.DaysLeft:0.0} days left"));
            }

            await WriteNodesAsync(relay, output, cancellationToken);
            return 0;
        });
        return command;
    }

    private static async Task WriteRevocationsAsync(RelayApi relay, TextWriter output, CancellationToken cancellationToken)
    {
        Page<RevocationView> revocations;
        try
        {
            revocations = await relay.GetAsync(Routes.Revocations, RelayApiJson.Default.PageRevocationView, cancellationToken);
        }
        // A relay of an earlier version has no such route.
        catch (RelayApiException older) when (older.Type == "urn:relay:problem:not-found")
        {
            return;
        }

        foreach (RevocationView revoked in revocations.Items)
        {
            await output.WriteLineAsync(DisplayText.Format(
                $"revoked {revoked.Name} {revoked.Version}: {(revoked.InForce ? "" : "NOT IN FORCE, ")}{revoked.Reason ?? "no reason given"}"));
        }
    }

    private static async Task WriteNodesAsync(RelayApi relay, TextWriter output, CancellationToken cancellationToken)
    {
        await foreach (NodeView node in relay.ListAsync(Routes.Nodes, RelayApiJson.Default.PageNodeView, cancellationToken))
        {
            CheckIn last = node.CheckIn;
            string models = Join(last.Models.Select(
                m => $"{m.Name} {m.Version} ({m.Scorer}, {m.Predictions} predictions, {m.Failures} failed"
                    + $"{(m.CallerFaults > 0 ? $", {m.CallerFaults} CALLS WITHOUT ANSWER: rows or calls do not fit the model" : "")})"));
            await output.WriteLineAsync(DisplayText.Format(
                $"node {node.Id}: {last.Channel} release {last.Release}{(last.Stale ? ", STALE" : "")}, seen {node.SeenAt:u}, {models}"));
            foreach (QuarantinedArtifact artifact in last.Quarantine)
            {
                await output.WriteLineAsync(DisplayText.Format($"  quarantined {artifact.Model} {artifact.Version}: {artifact.Reason}"));
            }

            foreach (RefusalReport refusal in last.Refusals)
            {
                await output.WriteLineAsync(DisplayText.Format($"  refused {refusal.Subject}: {refusal.Reason}, {refusal.Detail}"));
            }

            foreach (string cut in last.Cut ?? [])
            {
                await output.WriteLineAsync(DisplayText.Format($"  cut from its report: {cut}"));
            }
        }
    }

    private static string Join(IEnumerable<string> parts) => string.Join(", ", parts) is { Length: > 0 } joined ? joined : "none";
}
