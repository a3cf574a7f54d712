using System.CommandLine;
using Relay.Server.Repository;
using Relay.Server.Repository.Mirroring;

namespace Relay.Server.Cli;

/// <summary>What commands share that read the repository of a data folder, whether its relay runs or not.</summary>
internal static class RepositoryCommands
{
    public static Option<string> DataOption() =>
        new("--data") { Description = "The relay's data folder.", DefaultValueFactory = _ => ServeCommand.DefaultData };

    /// <exception cref="RelayApiException">There is no repository.</exception>
    public static IStaticFileSource OpenFolder(string data) => new FolderFileSource(FolderOf(data));

    /// <summary>The folder of the repository.</summary>
    /// <exception cref="RelayApiException">There is no repository.</exception>
    public static string FolderOf(string data)
    {
        string repository = Path.Combine(Path.GetFullPath(data), "repository");
        return Directory.Exists(Path.Combine(repository, RepositoryFiles.MetadataFolder))
            ? repository
            : throw new RelayApiException($"'{data}' is no relay's data folder: it has no repository. Name it by --data.");
    }

    /// <summary>The folder of the relay's keys.</summary>
    public static string KeysOf(string data) => Path.Combine(Path.GetFullPath(data), "keys");
}
