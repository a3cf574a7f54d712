using System.CommandLine;
using Relay.Server.Http.Access;
using Relay.Server.Storage;

namespace Relay.Server.Cli;

/// <summary><c>relay approver-key</c>: makes an API key that can approve and do nothing else, whether the relay runs or not.</summary>
internal static class ApproverKeyCommand
{
    public static Command Create()
    {
        Option<string> data = RepositoryCommands.DataOption();
        Option<bool> replace = new("--replace") { Description = "Forgets all earlier approver keys." };
        Command command = new("approver-key", "Makes an API key that sees what waits for signatures and sends them, and nothing else.")
        {
            data, replace,
        };
        command.SetAction(parsed =>
        {
            string root = parsed.GetValue(data)!;
            RepositoryCommands.FolderOf(root);
            using RelayDatabase database = new(new DataFolder(root));
            TextWriter output = parsed.InvocationConfiguration.Output;
            new ApiKeys(database, TimeProvider.System).IssueApproverKey(
                parsed.GetValue(replace), key => output.WriteLine($"Approver key, shown only this once: {key}"));
            return 0;
        });
        return command;
    }
}
