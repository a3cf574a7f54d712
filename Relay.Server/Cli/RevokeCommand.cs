using System.CommandLine;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary><c>relay revoke</c>: forbids a version to all nodes, permanently.</summary>
internal static class RevokeCommand
{
    public static Command Create()
    {
        RelayConnection connection = new(AccessPolicies.Operate);
        Argument<string> model = new("model") { Description = "The name of the model." };
        Argument<int> version = new("version") { Description = "The number of the version." };
        Option<string?> reason = new("--reason") { Description = "The reason, for the relay's log.", HelpName = "text" };
        Command command = new("revoke", "Revokes a model version permanently: no node may run it any more.") { model, version, reason };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            (RevocationView? view, PendingNotice? waiting) = await relay.Client.Versions.RevokeAsync(
                parsed.GetValue(model)!, parsed.GetValue(version), new RevocationRequest { Reason = parsed.GetValue(reason) }, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                view is not null
                    ? DisplayText.Format($"{view.Name} {view.Version} is revoked (SHA-256 {view.Sha256}).\n{view.Effect}")
                    : ApproveCommand.DescribePending(waiting!));
            return 0;
        });
        return command;
    }
}
