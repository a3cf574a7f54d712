using System.CommandLine;
using System.Globalization;
using Relay.Server.Keys;
using Relay.Server.Monitoring;
using Relay.Server.Repository;
using Relay.Server.Storage;

namespace Relay.Server.Cli.Keys;

/// <summary><c>relay keys status</c>: who signs what, and which private keys lie on this machine. Reads only; the relay may run.</summary>
internal static class KeysStatusCommand
{
    private const int ShortId = 12;

    public static Command Create()
    {
        Option<string> data = RepositoryCommands.DataOption();
        Command command = new("status", "Shows roles, keys, thresholds and expiries, and what to worry about.") { data };
        command.SetAction(async (parsed, _) =>
        {
            string root = parsed.GetValue(data)!;
            string folder = RepositoryCommands.FolderOf(root);
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            RepositorySnapshot state = RepositorySnapshot.Read(new RepositoryFiles(folder, new DurableFiles()), now)
                ?? throw new RelayApiException($"The repository '{folder}' has no first publication.");
            KeyInventory held = KeyInventory.Read(RepositoryCommands.KeysOf(root));
            IReadOnlyList<RoleStatus> roles = RoleStatus.FromSnapshot(state);
            TextWriter output = parsed.InvocationConfiguration.Output;
            foreach (RoleStatus role in roles)
            {
                await output.WriteLineAsync(Describe(role, held, now));
            }

            foreach (string warning in KeyWarnings.Find(roles, held, now))
            {
                await output.WriteLineAsync($"warning: {warning}");
            }

            return 0;
        });
        return command;
    }

    private static string Describe(RoleStatus role, KeyInventory held, DateTimeOffset now) => string.Join('\n',
    [
        string.Create(
            CultureInfo.InvariantCulture,
            $"{role.Role}: version {role.Version}, {role.Keys.Threshold} of {role.Keys.KeyIds.Count} keys, "
            + $"until {role.Expires:u} ({(role.Expires - now).TotalDays:0.0} days)"),
        .. role.Keys.KeyIds.Select(id => $"  {id[..Math.Min(ShortId, id.Length)]}  {(held.Files.TryGetValue(id, out string? file) ? $"here, {file}" : "offline")}"),
    ]);
}
