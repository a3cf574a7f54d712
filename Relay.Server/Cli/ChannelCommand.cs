using System.CommandLine;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary><c>relay channel</c>: what nodes may be on.</summary>
internal static class ChannelCommand
{
    public static Command Create() => new("channel", "Lists and deletes channels. 'relay publish' makes them.") { CreateList(), CreateDelete() };

    private static Command CreateList()
    {
        ListFilters filters = new();
        filters.AddText("--model", "model", "Only channels that run this model.", "name");
        return ListCommand.Create(
            "list", "Lists the channels, each with the release that it runs.", Routes.Channels, filters, RelayApiJson.Default.PageChannelView,
            Describe);
    }

    private static Command CreateDelete()
    {
        RelayConnection connection = new(AccessPolicies.Operate);
        Argument<string> name = new("name") { Description = "The name of the channel." };
        Option<bool> force = new("--force") { Description = "Deletes it although nodes are on it: they keep what they run and get nothing new." };
        Command command = new("delete", "Deletes a channel. Its releases stay, and other channels may run them.") { name, force };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            await relay.Client.Channels.DeleteAsync(parsed.GetValue(name)!, parsed.GetValue(force), cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(DisplayText.Format($"Channel {parsed.GetValue(name)} is deleted."));
            return 0;
        });
        return command;
    }

    private static string Describe(ChannelView channel) =>
        DisplayText.Format($"{channel.Channel}: release {channel.Release}, {string.Join(", ", channel.Models.Select(m => $"{m.Name} {m.Version}"))}")
        + (channel.Revoked.Count > 0
            ? DisplayText.Format($", REVOKED: {string.Join(", ", channel.Revoked.Select(m => $"{m.Name} {m.Version}"))}")
            : "");
}
