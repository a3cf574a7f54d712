using System.CommandLine;
using System.Globalization;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary><c>relay fleet adoption</c>: how releases took the place of others.</summary>
internal static class FleetAdoptionCommand
{
    public static Command Create()
    {
        RelayConnection connection = new(AccessPolicies.Audit);
        Option<string?> channel = new("--channel") { Description = "Counts the nodes of this channel alone.", HelpName = "name" };
        Option<DateTimeOffset?> from =
            InstantOption.Create("--from", "When the time starts, such as 2026-01-31T12:00:00Z. Default: a day before its end.");
        Option<DateTimeOffset?> to = InstantOption.Create("--to", "When the time ends. Default: now.");
        Command command = new("adoption", "Shows how many nodes ran which release over time: a line for each time at which that had changed.")
        {
            channel, from, to,
        };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            FleetAdoption adoption = await relay.Client.Nodes.ReadAdoptionAsync(
                parsed.GetValue(channel), parsed.GetValue(from), parsed.GetValue(to), cancellationToken);
            foreach (FleetAdoptionPoint point in adoption.Points)
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(Describe(point));
            }

            if (adoption.Points.Count == 0)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(
                    adoption.KeptSince is { } since
                        ? DisplayText.Format($"No count is of this time: the relay has them since {since:u}.")
                        : "The relay has no count of these nodes: none has reported since it keeps them.");
            }

            return 0;
        });
        return command;
    }

    private static string Describe(FleetAdoptionPoint point)
    {
        long nodes = point.Releases.Sum(release => release.Nodes);
        return DisplayText.Format($"{point.At:u} {nodes} nodes{string.Concat(point.Releases.Select(release => Describe(release, nodes)))}");
    }

    private static string Describe(FleetAdoptionRelease release, long nodes) => string.Create(
        CultureInfo.InvariantCulture,
        $", {NameOf(release.Release)}: {release.Nodes} ({100.0 * release.Nodes / nodes:0.#} %)");

    private static string NameOf(int? release) => release switch
    {
        null => "other releases",
        0 => "no release",
        { } number => string.Create(CultureInfo.InvariantCulture, $"release {number}"),
    };
}
