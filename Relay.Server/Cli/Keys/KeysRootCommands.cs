using System.CommandLine;
using Relay.Server.Repository.Rotation;
using Relay.Server.Storage;
using Shared.Contracts.Tuf;

namespace Relay.Server.Cli.Keys;

/// <summary><c>relay keys export-root</c> and <c>import-root</c>: roots as files, to be carried around.</summary>
internal static class KeysRootCommands
{
    public static Command CreateExport()
    {
        Argument<FileInfo> file = new("FILE") { Description = "Where to write it.", DefaultValueFactory = _ => new FileInfo("root.json") };
        Option<DirectoryInfo?> chain = new("--chain") { Description = "Writes all roots into this folder, too, as 1.root.json, 2.root.json, ..." };
        Option<string> data = RepositoryCommands.DataOption();
        Command command = new("export-root", "Writes the current root, for new nodes to start from.") { file, chain, data };
        command.SetAction(async (parsed, _) =>
        {
            using RotationSession session = RotationSession.Open(parsed.GetValue(data)!);
            TextWriter output = parsed.InvocationConfiguration.Output;
            DurableFiles files = new();
            if (parsed.GetValue(chain) is { } folder)
            {
                files.CreateFolder(folder.FullName);
                foreach ((long version, byte[] root) in session.Publisher.Roots())
                {
                    files.Write(Path.Combine(folder.FullName, MetadataPaths.Versioned(RoleNames.Root, version)), root);
                }
            }

            byte[] newest = session.Publisher.NewestRoot();
            string path = parsed.GetValue(file)!.FullName;
            files.Write(path + ".new", newest);
            files.Rename(path + ".new", path);
            await output.WriteAsync(MetadataSummary.Of(MetadataSummary.Read(newest), _ => false));
            await output.WriteLineAsync($"SHA-256 {FileHashes.Compute(newest).Sha256}");
            await output.WriteLineAsync($"New nodes start from {path}");
            return 0;
        });
        return command;
    }

    public static Command CreateImport()
    {
        Argument<FileInfo[]> files = new("FILE")
        {
            Description = "root.json, and targets.json where one waits with it, as they came back with signatures.",
            Arity = ArgumentArity.OneOrMore,
        };
        files.AcceptExistingOnly();
        Option<string> data = RepositoryCommands.DataOption();
        Command command = new("import-root", "Takes a root that was signed elsewhere, and publishes it once enough have signed.") { files, data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RotationSession session = RotationSession.Open(parsed.GetValue(data)!);
            byte[][] contents = [.. parsed.GetValue(files)!.Select(file => File.ReadAllBytes(file.FullName))];
            RotationOutcome outcome = await session.Publisher.ImportRootAsync(contents, cancellationToken);
            await RotationSession.ReportAsync(parsed.InvocationConfiguration.Output, outcome);
            return 0;
        });
        return command;
    }
}
