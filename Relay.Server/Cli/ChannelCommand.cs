using System.CommandLine;
using System.Text.Json;
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
        RelayConnection connection = new(AccessPolicies.Audit);
        Option<bool> json = new("--json") { Description = "Prints each channel as one line of JSON." };
        ListFilters filters = new();
        filters.AddText("--model", "model", "Only channels that run this model.", "name");
        Command command = new("list", "Lists the channels, each with the release that it runs.") { json };
        filters.AddTo(command);
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            await relay.WriteListAsync(
                filters.ToPath(parsed, Routes.Channels), RelayApiJson.Default.PageChannelView,
                channel => parsed.GetValue(json) ? JsonSerializer.Serialize(channel, RelayApiJson.Default.ChannelView) : Describe(channel),
                parsed.InvocationConfiguration.Output, cancellationToken);

            return 0;
        });
        return command;
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
