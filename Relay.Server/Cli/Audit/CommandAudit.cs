using System.CommandLine;
using System.CommandLine.Parsing;
using System.Data.Common;
using Relay.Server.Audit;
using Relay.Server.Hosting.Inventory;
using Relay.Server.Storage;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli.Audit;

/// <summary>Enters commands that change a data folder on the machine itself, before they do it. Who may run them may also change the database:
/// such an entry is a help, and what cannot be entered does not stop an operator from mending a relay.</summary>
internal static class CommandAudit
{
    private const int MaximumSubject = 500;

    public static void Enter(ParseResult parsed, DataFolder folder)
    {
        if (DatabaseEngine.FindError(folder) is { } error)
        {
            Warn(parsed, error);
            return;
        }

        if (folder.Server is null && !File.Exists(folder.Database))
        {
            return;
        }

        try
        {
            string subject = DisplayText.Escape(string.Join(' ', WithoutPassword(parsed.Tokens)));
            AuditRecord entry = new(
                AuditEntry.Command, $"user:{Environment.UserName}", NameOf(parsed.CommandResult),
                subject.Length > MaximumSubject ? subject[..MaximumSubject] : subject);
            bool isEntered = RelayDatabase.WriteCurrent(
                folder, (connection, transaction) => AuditTable.Append(connection, transaction, entry, TimeProvider.System.GetUtcNow()));
            if (!isEntered)
            {
                Warn(parsed, "its database is of another version of the relay");
            }
        }
        catch (Exception failed) when (failed is DbException or RelayStartException)
        {
            Warn(parsed, failed.Message);
        }
    }

    // A connection string may have a password.
    private static IEnumerable<string> WithoutPassword(IReadOnlyList<Token> tokens) => tokens.Select((token, i) =>
        i > 0 && tokens[i - 1].Value == DatabaseOptions.ConnectionName ? "..." : token.Value);

    private static string NameOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{NameOf(parent)} {result.Command.Name}" : result.Command.Name;

    private static void Warn(ParseResult parsed, string reason) => parsed.InvocationConfiguration.Error.WriteLine(
        DisplayText.Format($"relay: this command is not in the audit log of the relay: {reason}"));
}
