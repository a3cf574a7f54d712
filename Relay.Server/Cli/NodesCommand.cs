using System.CommandLine;
using Relay.AdminClient.Operations;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary><c>relay nodes</c>: lists the nodes that a relay knows, bans and removes some. A removed
/// node that enrolls or reports again is new.</summary>
internal static class NodesCommand
{
    private const double MaximumHours = 100_000;

    public static Command Create() => new("nodes", "Lists, bans and removes the nodes that a relay knows, and shows what one runs.")
    {
        CreateList(), CreateBom(), CreateRemove(),
        CreateBan(
            "ban",
            "Refuses everything that the keys of these nodes sign, such as a stolen key, until 'unban'. The nodes keep serving what they have.",
            nodes => nodes.BanAsync, "banned"),
        CreateBan("unban", "Ends the ban of nodes.", nodes => nodes.UnbanAsync, "no longer banned"),
    };

    private static Command CreateList()
    {
        ListFilters filters = new();
        filters.AddText("--prefix", "prefix", "Only nodes whose ids begin with this text.", "text");
        filters.AddText("--channel", "channel", "Only nodes on this channel.", "name");
        filters.AddNumber("--release", "release", "Only nodes that run this release.");
        filters.AddText("--model", "model", "Only nodes that run this model.", "name");
        filters.AddNumber("--version", "version", "Only nodes that run this version of the model.");
        filters.AddWord("--stale", "stale", "Only nodes whose metadata has expired, or no others.", "true", "false");
        filters.AddWord("--quarantined", "quarantined", "Only nodes with an artifact in quarantine, or no others.", "true", "false");
        filters.AddWord("--refusing", "refusing", "Only nodes whose latest reports have refusals, or no others.", "true", "false");
        filters.AddWord("--banned", "banned", "Only banned nodes, or no others.", "true", "false");
        filters.AddInstant("--seen-since", "seenSince", "Only nodes that reported from this time on, such as 2026-01-31T12:00:00Z.");
        filters.AddInstant("--not-seen-since", "notSeenSince", "Only nodes that have not reported since this time.");
        return ListCommand.Create(
            "list", "Lists the nodes: since when the relay knows them and when it last saw them.", Routes.Nodes, filters,
            RelayApiJson.Default.PageNodeView, Describe);
    }

    private static string Describe(NodeView node)
    {
        string marks = $"{(node.Established is false ? ", new" : "")}{(node.Signed is false ? ", not signed" : "")}";
        string ban = node.BannedAt is { } banned ? $", BANNED since {banned:u}" : "";
        string waits = node.CheckIn.Waiting is { } waiting ? $", {waiting}" : "";
        return DisplayText.Format(
            $"{node.Id}: {node.CheckIn.Channel} release {node.CheckIn.Release}, seen {node.SeenAt:u}, known since " +
                $"{node.FirstSeenAt:u}{marks}{ban}{waits}");
    }

    private static Command CreateBom()
    {
        RelayConnection connection = new(AccessPolicies.Audit);
        Argument<string> node = new("node") { Description = "The name of the node." };
        BomOutput bom = new();
        Command command = new("bom", "Shows what a node runs by its last report, as a CycloneDX ML-BOM.") { node, bom.File };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            await bom.WriteAsync(parsed, await relay.Client.Nodes.ReadBomAsync(parsed.GetValue(node)!, cancellationToken), cancellationToken);
            return 0;
        });
        return command;
    }

    private static Command CreateRemove()
    {
        RelayConnection connection = new(AccessPolicies.Operate);
        Argument<string[]> names = new("node") { Description = "The names of nodes to remove.", Arity = ArgumentArity.ZeroOrMore };
        Option<double?> unseen = new("--not-seen-for")
        {
            Description = "Removes the nodes that have not reported for this many hours; 0: all that have reported so far.",
            HelpName = "hours",
        };
        Option<bool> established = new("--established")
        {
            Description = "With --not-seen-for: also nodes that have enrolled, or have reported for a day or longer.",
        };
        Command command = new(
            "remove",
            "Removes nodes, their keys and their reports. A node that enrolls or reports again is listed again, as a new one. What an enrolled node "
                + "ran stays in 'relay history'.")
        {
            names, unseen, established,
        };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string[] listed = parsed.GetValue(names) ?? [];
            double? hours = parsed.GetValue(unseen);
            if ((listed.Length == 0) == (hours is null))
            {
                throw new CommandException("Name the nodes to remove, or set --not-seen-for.");
            }

            if (hours is null)
            {
                GivenOptions.Refuse(
                    parsed, [established], "is for --not-seen-for: a node that is named is removed, whether it is established or not");
            }

            using RelayApi relay = connection.Open(parsed);
            foreach (string name in listed)
            {
                await relay.Client.Nodes.RemoveAsync(name, cancellationToken);
            }

            int removed = listed.Length;
            if (hours is { } since)
            {
                removed = (await relay.Client.Nodes.RemoveUnseenAsync(Before(since), parsed.GetValue(established), cancellationToken)).Removed;
            }

            await parsed.InvocationConfiguration.Output.WriteLineAsync(DisplayText.Format($"{removed} nodes removed."));
            return 0;
        });
        return command;
    }

    private static Command CreateBan(
        string name, string description, Func<NodeOperations, Func<string, CancellationToken, Task>> change, string done)
    {
        Argument<string[]> names = new("node") { Description = "The names of enrolled nodes." };
        return EachCommand.Create(name, description, AccessPolicies.Operate, names, async (relay, node, cancellationToken) =>
        {
            await change(relay.Client.Nodes)(node, cancellationToken);
            return DisplayText.Format($"Node {node} is {done}.");
        });
    }

    private static DateTimeOffset Before(double hours) => hours is >= 0 and <= MaximumHours
        ? TimeProvider.System.GetUtcNow().AddHours(-hours)
        : throw new CommandException($"--not-seen-for takes 0 to {MaximumHours} hours.");
}
