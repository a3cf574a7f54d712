using System.CommandLine;
using Relay.Server.Repository.Rotation;
using Shared.Contracts;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Cli.Keys;

/// <summary><c>relay keys export-root</c> and <c>import-root</c>: exchange roots as files.</summary>
internal static class KeysRootCommands
{
    public static Command CreateExport()
    {
        Argument<FileInfo> file = new("file") { Description = "The file to write.", DefaultValueFactory = _ => new FileInfo("root.json") };
        file.Validators.Add(result =>
        {
            // The library reports text that is no path only where there is no default.
            if (result.Tokens is [{ Value: "" }])
            {
                result.AddError("The file is '', expected a path, such as root.json.");
            }
        });
        Option<DirectoryInfo?> chain = new("--chain")
        {
            Description = "A folder that receives all roots: 1.root.json, 2.root.json, ...",
            HelpName = "folder",
        };
        Option<string> data = RepositoryAccess.DataOption();
        DatabaseOptions database = new();
        Command command = new("export-root", "Writes the current root to a file that new nodes start from.") { file, chain, data };
        database.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            using RotationSession session = RotationSession.Open(parsed, data, database);
            TextWriter output = parsed.InvocationConfiguration.Output;
            DurableFiles files = new();
            if (parsed.GetValue(chain) is { } folder)
            {
                files.CreateFolder(folder.FullName);
                foreach ((long version, byte[] root) in session.Repository.Roots())
                {
                    files.Write(Path.Combine(folder.FullName, MetadataPaths.Versioned(RoleNames.Root, version)), root);
                }
            }

            byte[] newest = session.Repository.NewestRoot();
            string path = parsed.GetValue(file)!.FullName;
            files.Write(path + ".new", newest);
            files.Rename(path + ".new", path);
            await output.WriteAsync(MetadataSummary.Describe(MetadataSummary.Read(newest), _ => false));
            await output.WriteLineAsync(DisplayText.Format($"SHA-256 {FileHashes.Compute(newest).Sha256}"));
            await output.WriteLineAsync(DisplayText.Format($"New nodes start from {path}"));
            return 0;
        });
        return command;
    }

    public static Command CreateImport()
    {
        Argument<FileInfo[]> files = new("file")
        {
            Description = "root.json with its new signatures, and targets.json if one is pending with it.",
            Arity = ArgumentArity.OneOrMore,
        };
        files.AcceptExistingOnly();
        Option<string> data = RepositoryAccess.DataOption();
        DatabaseOptions database = new();
        Command command = new("import-root", "Imports a root that was signed elsewhere and publishes it when enough keys have signed.")
        {
            files, data,
        };
        database.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RotationSession session = RotationSession.Open(parsed, data, database);
            byte[][] contents = [.. parsed.GetValue(files)!.Select(file => File.ReadAllBytes(file.FullName))];
            await RotationSession.ReportAsync(
                parsed.InvocationConfiguration.Output, await session.Service.ImportRootAsync(contents, cancellationToken));
            return 0;
        });
        return command;
    }
}
