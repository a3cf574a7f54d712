using System.CommandLine;
using System.Globalization;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Cli;

/// <summary><c>relay pending</c>: lists publications that need signatures of offline keys.</summary>
internal static class PendingCommand
{
    public static Command Create()
    {
        RelayConnection connection = RelayConnection.ForApprovers();
        ListFilters filters = new();
        filters.AddText("--channel", "channel", "Only publications that change this channel.", "name");
        Command command = new("pending", "Lists publications that need more signatures. 'delete' deletes them.") { CreateDelete() };
        filters.AddTo(command);
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            TextWriter output = parsed.InvocationConfiguration.Output;
            int waiting = await relay.WriteListAsync(
                filters.ToPath(parsed, Routes.Pending), RelayApiJson.Default.PagePendingView, Describe, output, cancellationToken);
            if (waiting == 0)
            {
                await output.WriteLineAsync("No publication is pending.");
            }

            return 0;
        });
        return command;
    }

    private static Command CreateDelete()
    {
        Argument<string[]> ids = new("id") { Description = "The ids of publications that wait." };
        return EachCommand.Create(
            "delete", "Deletes publications that wait for signatures: nothing of them becomes current.", AccessPolicies.Operate, ids,
            async (relay, id, cancellationToken) =>
            {
                await relay.Client.Pending.DropAsync(id, cancellationToken);
                return DisplayText.Format($"The publication {id} is deleted.");
            });
    }

    /// <summary>One line per channel that changes with the publication, per model that gets another version there, and per model whose schema
    /// changes. The signature does not cover this: only the relay states it.</summary>
    public static IEnumerable<string> DescribeChannels(PendingView pending) =>
    [
        .. pending.Channels.Select(channel => DisplayText.Format($"  the relay then points channel {channel.Channel} to release {channel.Release}")
            + (channel.Candidate is { } candidate ? DisplayText.Format($", with candidate {candidate}") : "")),
        .. pending.VersionChanges.Select(change => DisplayText.Format($"  {change.Channel}, as the relay says: {Describe(change)}")),
        .. pending.SchemaChanges.Select(change => DisplayText.Format($"  SCHEMA CHANGE, as the relay says: {change.Describe()}")),
    ];

    private static string Describe(PendingVersionChange change) => change switch
    {
        { To: null } => $"{change.Model} {change.From} leaves the channel",
        { From: null } => $"{change.Model} {change.To}, new on the channel{Describe(change.ToQuality)}",
        _ => $"{change.Model} {change.To}{Describe(change.ToQuality)}, instead of {change.From}{Describe(change.FromQuality)}",
    };

    private static string Describe(MetricValue? quality) =>
        quality is { } value ? string.Create(CultureInfo.InvariantCulture, $" ({value.Name} {value.Value:0.####})") : "";

    private static string Describe(PendingView pending) => string.Join('\n',
    [
        DisplayText.Format(
            $"{pending.Id}: targets version {pending.Version}, since {pending.CreatedAt:u}, {pending.SignedBy.Count} of " +
                $"{pending.Threshold} signatures"),
        .. pending.Files.Count == 0
            ? [DisplayText.Format($"  lists {(pending.Unlists.Count == 0 ? "the same files" : "no new file")} until {pending.Expires:u}")]
            : DescribeFiles(pending),
        .. pending.Unlists.Count == 0 ? [] : new[] { $"  - release {string.Join(", ", pending.Unlists)}: listed no more" },
        .. DescribeChannels(pending),
    ]);

    private static IEnumerable<string> DescribeFiles(PendingView pending) =>
    [
        .. pending.Releases.Select(release => DisplayText.Format(
            $"  release {release.Release}: {string.Join(", ", release.Models.Select(model => $"{model.Name} {model.Version}"))}")),
        .. pending.Revokes.Select(revoked => DisplayText.Format(
            $"  revokes {revoked.Name} {revoked.Version}: {revoked.Reason ?? "no reason given"}")),
        .. pending.MinimumRelease is { } minimum ? new[] { DisplayText.Format($"  minimum release {minimum}") } : [],
        .. pending.Files.Select(file => DisplayText.Format($"  + {file.Path}")),
    ];
}
