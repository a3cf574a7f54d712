using System.CommandLine;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary><c>relay revoke MODEL VERSION</c>: no node may run this version any more, for good.</summary>
internal static class RevokeCommand
{
    public static Command Create()
    {
        RelayConnection connection = new();
        Argument<string> model = new("MODEL") { Description = "The model's name." };
        Argument<int> version = new("VERSION") { Description = "The version's number." };
        Option<string?> reason = new("--reason") { Description = "Why, for the relay's log." };
        Command command = new("revoke", "Forbids a version to every node, for good.") { model, version, reason };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            (RevocationView? view, PendingNotice? waiting) = await relay.ProposeAsync(
                Routes.RevokeOf(parsed.GetValue(model)!, parsed.GetValue(version)), new RevocationRequest { Reason = parsed.GetValue(reason) },
                RelayApiJson.Default.RevocationRequest, RelayApiJson.Default.RevocationView, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                view is not null
                    ? $"{view.Name} {view.Version} is revoked (SHA-256 {view.Sha256}).\n{view.Effect}"
                    : ApproveCommand.Hint(waiting!));
            return 0;
        });
        return command;
    }
}
