using System.CommandLine;
using System.Globalization;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary><c>relay pending</c>: what waits for signatures of offline keys.</summary>
internal static class PendingCommand
{
    public static Command Create()
    {
        RelayConnection connection = RelayConnection.ForApprovers();
        Command command = new("pending", "Lists publications that wait for signatures.");
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            Page<PendingView> waiting = await relay.GetAsync(Routes.Pending, RelayApiJson.Default.PagePendingView, cancellationToken);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (waiting.Items.Count == 0)
            {
                await output.WriteLineAsync("Nothing waits for signatures.");
            }

            foreach (PendingView pending in waiting.Items)
            {
                await output.WriteLineAsync(Describe(pending));
            }

            return 0;
        });
        return command;
    }

    /// <summary>A line for each channel that moves at the moment of publication. It is not under the signature: the relay says so.</summary>
    public static IEnumerable<string> Moves(PendingView pending) => pending.Channels.Select(channel => string.Create(
        CultureInfo.InvariantCulture,
        $"  the relay then points channel {channel.Channel} to release {channel.Release}")
        + (channel.Candidate is { } candidate ? string.Create(CultureInfo.InvariantCulture, $", with candidate {candidate}") : ""));

    private static string Describe(PendingView pending) => string.Join('\n',
    [
        string.Create(
            CultureInfo.InvariantCulture,
            $"{pending.Id}: targets version {pending.Version}, since {pending.CreatedAt:u}, {pending.SignedBy.Count} of {pending.Threshold} signatures"),
        .. pending.Files.Count == 0
            ? ["  lists the same files until " + pending.Expires.ToString("u", CultureInfo.InvariantCulture)]
            : pending.Files.Select(file => $"  + {file.Path}"),
        .. Moves(pending),
    ]);
}
