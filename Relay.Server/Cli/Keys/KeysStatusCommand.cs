using System.CommandLine;
using Relay.Server.Keys;
using Relay.Server.Monitoring;
using Relay.Server.Repository;
using Shared.Contracts;
using Shared.Platform.Files;

namespace Relay.Server.Cli.Keys;

/// <summary><c>relay keys status</c>: the keys of each role, and which private keys lie on this machine. It only reads; the relay may
/// run.</summary>
internal static class KeysStatusCommand
{
    private const int ShortId = 12;

    public static Command Create()
    {
        Option<string> data = RepositoryAccess.DataOption();
        Command command = new("status", "Shows roles, keys, thresholds, expiries and warnings.") { data };
        command.SetAction(async (parsed, _) =>
        {
            string root = parsed.GetValue(data)!;
            string folder = RepositoryAccess.FindRepository(root);
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            RepositorySnapshot state = RepositorySnapshot.Read(new RepositoryFiles(folder, new DurableFiles()), now)
                ?? throw new CommandException($"The repository '{folder}' is empty: the relay has not published yet.");
            KeyInventory held = KeyInventory.Read(RepositoryAccess.KeysFolder(root));
            IReadOnlyList<RoleStatus> roles = RoleStatus.FromSnapshot(state);
            TextWriter output = parsed.InvocationConfiguration.Output;
            foreach (RoleStatus role in roles)
            {
                await output.WriteLineAsync(Describe(role, held, now));
            }

            foreach (string warning in KeyWarnings.Find(roles, held, now))
            {
                await output.WriteLineAsync(DisplayText.Format($"warning: {warning}"));
            }

            return 0;
        });
        return command;
    }

    private static string Describe(RoleStatus role, KeyInventory held, DateTimeOffset now) => string.Join('\n',
    [
        DisplayText.Format($"{role.Role}: version {role.Version}, {role.Keys.Threshold} of {role.Keys.KeyIds.Count} keys, ")
            + DisplayText.Format($"until {role.Expires:u} ({(role.Expires - now).TotalDays:0.0} days)"),
        .. role.Keys.KeyIds.Select(id => DisplayText.Format(
            $"  {KeyIds.Shorten(id, ShortId)}  {(held.Files.TryGetValue(id, out string? file) ? $"here, {file}" : "offline")}")),
    ]);
}
