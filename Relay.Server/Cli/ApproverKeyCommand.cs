using System.CommandLine;
using Relay.Server.Cli.Audit;
using Relay.Server.Hosting.Inventory;
using Relay.Server.Http.Access;
using Relay.Server.Storage;

namespace Relay.Server.Cli;

/// <summary><c>relay approver-key</c>: creates an API key of role approver, whether the relay runs or not.</summary>
internal static class ApproverKeyCommand
{
    public static Command Create()
    {
        Option<string> data = RepositoryAccess.DataOption();
        DatabaseOptions options = new();
        Option<bool> replace = new("--replace") { Description = "Revokes all earlier approver keys." };
        Command command = new(
            "approver-key", "Creates an API key that reads, and sends signatures for pending publications: it changes nothing else.")
        {
            data, replace,
        };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            string root = parsed.GetValue(data)!;
            RepositoryAccess.FindRepository(root);
            DataFolder folder = options.Open(parsed, root);
            if (folder.Server is not null || DatabaseEngine.FindError(folder) is not null)
            {
                StartCheck.RequireDatabaseAndRepository(folder, TimeProvider.System.GetUtcNow());
            }

            CommandAudit.Enter(parsed, folder);
            using RelayDatabase database = RelayDatabase.Open(folder);
            TextWriter output = parsed.InvocationConfiguration.Output;
            new ApiKeyStore(database, TimeProvider.System).IssueApproverKey(
                parsed.GetValue(replace), key => output.WriteLine("Approver key, shown only this once: " + key));
            return 0;
        });
        return command;
    }
}
