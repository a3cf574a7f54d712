using System.CommandLine;
using System.Globalization;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary><c>relay history</c>: what a node ran, or what it ran at one time and why it believed so.</summary>
internal static class HistoryCommand
{
    public static Command Create()
    {
        RelayConnection connection = new(AccessPolicies.Audit);
        Argument<string> node = new("node") { Description = "The name of a node." };
        Option<DateTimeOffset?> at =
            InstantOption.Create("--at", "The time of the question, such as 2026-01-31T12:00:00Z. Default: the whole history.");
        Option<string?> folder = new("--out")
        {
            Description = "With --at: a new folder for the signed documents, the reports and the artifacts. 'relay verify-history' verifies it.",
            HelpName = "folder",
        };
        Option<bool> withoutArtifacts = new("--without-artifacts")
        {
            Description = "With --out: leaves the artifacts out, so that their signatures cannot be verified.",
        };
        Command command = new("history", "Shows what a node ran, or what it ran at one time and why.") { node, at, folder, withoutArtifacts };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(folder) is null)
            {
                GivenOptions.Refuse(parsed, [withoutArtifacts], "leaves artifacts out of --out: set both or none");
            }

            using RelayApi relay = connection.Open(parsed);
            TextWriter output = parsed.InvocationConfiguration.Output;
            string path = Routes.HistoryOf(parsed.GetValue(node)!);
            if (parsed.GetValue(at) is not { } instant)
            {
                if (parsed.GetValue(folder) is not null)
                {
                    throw new CommandException("--out needs --at: evidence is of one time.");
                }

                await relay.WriteListAsync(path, RelayApiJson.Default.PageNodeIntervalView, NodeHistoryText.Line, output, cancellationToken);

                return 0;
            }

            string query = $"?at={instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)}";
            NodeHistoryAnswer answer = await relay.GetAsync(path + query, RelayApiJson.Default.NodeHistoryAnswer, cancellationToken);
            foreach (string line in NodeHistoryText.Lines(answer))
            {
                await output.WriteLineAsync(line);
            }

            if (parsed.GetValue(folder) is { } to)
            {
                string evidence = $"{path}/evidence{query}&artifacts={(parsed.GetValue(withoutArtifacts) ? "false" : "true")}";
                EvidenceExtractor extractor = new(to);
                await relay.DownloadAsync(evidence, body => extractor.ExtractAsync(body, cancellationToken), cancellationToken);
                await output.WriteLineAsync(DisplayText.Format($"{extractor.Files} files in {to}: verify them with 'relay verify-history {to}'"));
            }

            return 0;
        });
        return command;
    }
}
