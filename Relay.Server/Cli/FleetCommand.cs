using System.CommandLine;
using System.Globalization;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary><c>relay fleet</c>: what runs where and how it does, in one screen for any number of nodes.</summary>
internal static class FleetCommand
{
    public static Command Create()
    {
        RelayConnection connection = new(AccessPolicies.Audit);
        Option<int?> hours = new("--hours")
        {
            Description = "The hours of calls and refusals to add up, the current one included; 1 to 720. Default 24.",
            HelpName = "hours",
        };
        Command command = new("fleet", "Shows what the nodes of a relay run, and calls, failures, latency and refusals by release and version.")
        {
            hours, FleetAdoptionCommand.Create(),
        };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string query = parsed.GetValue(hours) is { } number ? string.Create(CultureInfo.InvariantCulture, $"?hours={number}") : "";
            using RelayApi relay = connection.Open(parsed);
            FleetView fleet = await relay.GetAsync(Routes.Fleet + query, RelayApiJson.Default.FleetView, cancellationToken);
            foreach (string line in Lines(fleet))
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(line);
            }

            return 0;
        });
        return command;
    }

    private static IEnumerable<string> Lines(FleetView fleet)
    {
        yield return DisplayText.Format(
            $"{fleet.Nodes} nodes ({Join(fleet.Standings.Select(s => $"{s.Value} {s.Key}"))}), {fleet.Stale} stale, {fleet.Quarantined} " +
                $"with an artifact in quarantine{(fleet.Silent is { } silent ? $", {silent} silent for an hour" : "")}");
        foreach (FleetChannel channel in fleet.Channels)
        {
            yield return DisplayText.Format(
                $"channel {channel.Channel}: release " +
                    $"{channel.Release}{(channel.Candidate is { } candidate ? $", candidate {candidate} for {channel.Percentage} %" : "")}");
        }

        foreach (FleetRelease release in fleet.Releases)
        {
            yield return DisplayText.Format(
                $"nodes of {release.Channel ?? "unknown channels"} on " +
                    $"{(release.Release is { } number ? $"release {number}" : "unknown releases")}: {release.Nodes}, {release.Stale} stale, " +
                        $"{release.Quarantined} with an artifact in quarantine");
        }

        foreach (FleetVersion version in fleet.Versions)
        {
            yield return DisplayText.Format($"nodes on {version.Model} {version.Version}: {version.Nodes}");
        }

        yield return DisplayText.Format(
            $"in {fleet.Hours} hours: {fleet.Quarantines} artifacts put in quarantine, refusals: " +
                $"{Join(fleet.Refusals.Select(r => $"{r.Count} {r.Reason}"))}");
        foreach (FleetUsage usage in fleet.Usage)
        {
            string latency = usage.Latency is { } times ? $", p50 {times.P50} us, p90 {times.P90} us, p99 {times.P99} us" : "";
            yield return DisplayText.Format(
                $"{usage.Model} {usage.Version} in release {usage.Release}{DescribeCohort(usage.Cohort)}: {usage.Calls} calls, " +
                    $"{usage.Failures} failed, " +
                    $"{usage.CallerFaults} without answer because of the call{latency}, labels: " +
                        $"{Join(usage.Labels.Select(l => $"{l.Rows} {l.Label}"))}");
        }

        if (fleet.Omitted > 0)
        {
            yield return DisplayText.Format($"{fleet.Omitted} more items are left out");
        }
    }

    /// <summary>Outside of a rollout there are no cohorts.</summary>
    private static string DescribeCohort(string cohort) => cohort == "none" ? "" : $", {cohort}";

    private static string Join(IEnumerable<string> parts) => string.Join(", ", parts) is { Length: > 0 } joined ? joined : "none";
}
