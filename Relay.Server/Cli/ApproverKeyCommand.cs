using System.CommandLine;
using Relay.Server.Cli.Audit;
using Relay.Server.Http.Access;
using Relay.Server.Storage;

namespace Relay.Server.Cli;

/// <summary><c>relay approver-key</c>: creates an API key of role approver, whether the relay runs or not.</summary>
internal static class ApproverKeyCommand
{
    public static Command Create()
    {
        Option<string> data = RepositoryAccess.DataOption();
        Option<bool> replace = new("--replace") { Description = "Revokes all earlier approver keys." };
        Command command = new(
            "approver-key", "Creates an API key that reads, and sends signatures for pending publications: it changes nothing else.")
        {
            data, replace,
        };
        command.SetAction(parsed =>
        {
            string root = parsed.GetValue(data)!;
            RepositoryAccess.FindRepository(root);
            CommandAudit.Enter(parsed, root);
            using RelayDatabase database = RelayDatabase.Open(new DataFolder(root));
            TextWriter output = parsed.InvocationConfiguration.Output;
            new ApiKeyStore(database, TimeProvider.System).IssueApproverKey(
                parsed.GetValue(replace), key => output.WriteLine("Approver key, shown only this once: " + key));
            return 0;
        });
        return command;
    }
}
