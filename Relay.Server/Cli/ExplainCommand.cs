using System.CommandLine;
using System.Text.Json;
using Relay.Server.Repository;
using Relay.Server.Repository.Explaining;
using Relay.Server.Repository.Mirroring;

namespace Relay.Server.Cli;

/// <summary><c>relay explain FILE</c>: what is trusted here and why, for people and as JSON.</summary>
internal static class ExplainCommand
{
    /// <summary>Longest file that is looked at: 1 GiB, as nodes take no longer one either.</summary>
    private const long FileLimit = 1L << 30;

    public static Command Create()
    {
        Argument<string> file = new("FILE") { Description = "A model, a signature, a metadata file or any other file." };
        Option<string?> repository = new("--repository")
        {
            Description = "A folder with metadata/ and targets/: a mirror, or DATA/repository. Default: where FILE lies, else that of --data.",
        };
        Option<string> data = RepositoryCommands.DataOption();
        Option<string?> root = new("--root") { Description = "The root.json that a node pins." };
        Option<bool> json = new("--json") { Description = "Prints one line of JSON." };

        Command command = new("explain", "Tells whether a node would believe a file, and why.") { file, repository, data, root, json };
        command.SetAction(async (parsed, cancel) =>
        {
            string path = parsed.GetValue(file)!;
            byte[] content = await ReadAsync(path, cancel);
            byte[]? trustedRoot = parsed.GetValue(root) is { } pinned ? await ReadAsync(pinned, cancel) : null;
            TrustExplainer explainer = new(Open(path, parsed.GetValue(repository), parsed.GetValue(data)!), TimeProvider.System);
            Explanation explanation = await explainer.ExplainAsync(Path.GetFileName(path), content, trustedRoot, cancel);

            TextWriter output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync(parsed.GetValue(json)
                ? JsonSerializer.Serialize(explanation, ExplanationJson.Default.Explanation)
                : Describe(explanation));
            return explanation.Trusted ? 0 : CommandLine.Failed;
        });
        return command;
    }

    private static string Describe(Explanation explanation) => string.Join('\n',
    [
        $"{explanation.File}: {explanation.Kind}, {(explanation.Trusted ? "trusted" : "NOT trusted")}",
        $"  sha256 {explanation.Sha256}",
        .. explanation.Steps.Select(s => $"  {(s.Holds ? "holds " : "FAILS ")} {s.Subject}: {s.Detail}"),
    ]);

    private static IStaticFileSource Open(string file, string? repository, string data)
    {
        if (repository is not null)
        {
            return IsRepository(repository) ? new FolderFileSource(repository) : throw new RelayApiException($"'{repository}' has no metadata folder.");
        }

        for (DirectoryInfo? at = new FileInfo(file).Directory; at is not null; at = at.Parent)
        {
            if (IsRepository(at.FullName))
            {
                return new FolderFileSource(at.FullName);
            }
        }

        return RepositoryCommands.OpenFolder(data);
    }

    private static bool IsRepository(string folder) => Directory.Exists(Path.Combine(folder, RepositoryFiles.MetadataFolder))
        && Directory.Exists(Path.Combine(folder, RepositoryFiles.TargetsFolder));

    private static async Task<byte[]> ReadAsync(string path, CancellationToken cancel)
    {
        FileInfo file = new(path);
        return !file.Exists ? throw new RelayApiException($"There is no file '{path}'.")
            : file.Length > FileLimit ? throw new RelayApiException($"'{path}' is longer than {FileLimit} bytes.")
            : await File.ReadAllBytesAsync(path, cancel);
    }
}
