using System.CommandLine;
using System.Text.Json;
using Relay.Server.Repository;
using Relay.Server.Repository.Explaining;
using Relay.Server.Repository.Mirroring;
using Shared.Contracts;

namespace Relay.Server.Cli;

/// <summary><c>relay explain</c>: the steps by which a node would verify a file, as text or as JSON.</summary>
internal static class ExplainCommand
{
    /// <summary>1 GiB: nodes take no longer file either.</summary>
    private const long FileLimit = 1L << 30;

    public static Command Create()
    {
        Argument<string> file = new("file") { Description = "A model, a signature, a metadata file or any other file." };
        Option<string?> repository = new("--repository")
        {
            Description =
                "A folder with metadata/ and targets/, such as a mirror. Default: the repository that contains the file, else that of --data.",
            HelpName = "folder",
        };
        Option<string> data = RepositoryAccess.DataOption();
        Option<string?> root = new("--root") { Description = "The root.json that a node pins.", HelpName = "file" };
        Option<bool> json = new("--json") { Description = "Prints the result as one line of JSON." };

        Command command = new("explain", "Shows whether a node would trust a file, and each step of the verification.")
        {
            file, repository, data, root, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string path = parsed.GetValue(file)!;
            byte[] content = await ReadAsync(path, cancellationToken);
            byte[]? trustedRoot = parsed.GetValue(root) is { } pinned ? await ReadAsync(pinned, cancellationToken) : null;
            if (parsed.GetValue(repository) is not null)
            {
                GivenOptions.Refuse(parsed, [data], "and --repository both name the repository: leave out one of them");
            }

            IStaticFileSource source = GivenOptions.Has(parsed, data)
                ? RepositoryAccess.OpenFolder(parsed.GetValue(data)!)
                : Open(path, parsed.GetValue(repository), parsed.GetValue(data)!);
            TrustExplainer explainer = new(source, TimeProvider.System);
            Explanation explanation = await explainer.ExplainAsync(Path.GetFileName(path), content, trustedRoot, cancellationToken);

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
        DisplayText.Format($"{explanation.File}: {explanation.Kind}, {(explanation.Trusted ? "trusted" : "NOT trusted")}"),
        $"  sha256 {explanation.Sha256}",
        .. explanation.Steps.Select(s => DisplayText.Format($"  {(s.Holds ? "holds " : "FAILS ")} {s.Subject}: {s.Detail}")),
    ]);

    private static IStaticFileSource Open(string file, string? repository, string data)
    {
        if (repository is not null)
        {
            return IsRepository(repository)
                ? new FolderFileSource(repository)
                : throw new CommandException($"'{repository}' has no metadata folder.");
        }

        for (DirectoryInfo? at = new FileInfo(file).Directory; at is not null; at = at.Parent)
        {
            if (IsRepository(at.FullName))
            {
                return new FolderFileSource(at.FullName);
            }
        }

        return RepositoryAccess.OpenFolder(data);
    }

    private static bool IsRepository(string folder) => Directory.Exists(Path.Combine(folder, RepositoryFiles.MetadataFolder))
        && Directory.Exists(Path.Combine(folder, RepositoryFiles.TargetsFolder));

    private static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        FileInfo file = new(path);
        return !file.Exists ? throw new CommandException($"There is no file '{path}'.")
            : file.Length > FileLimit ? throw new CommandException($"'{path}' is longer than {FileLimit} bytes.")
            : await File.ReadAllBytesAsync(path, cancellationToken);
    }
}
