using System.CommandLine;
using Relay.Server.Cli.Configuration;
using Relay.Server.Hosting.Inventory;
using Relay.Server.Repository;
using Relay.Server.Repository.Mirroring;
using Relay.Server.Storage;
using Shared.Contracts;
using Shared.Platform.Files;

namespace Relay.Server.Cli;

/// <summary>The repository and the keys in a data folder, for commands that work whether the relay runs or not.</summary>
internal static class RepositoryAccess
{
    public static Option<string> DataOption(string description = "The data folder of the relay.") => new SharedSetting<string>("--data")
    {
        Description = description,
        HelpName = "folder",
        DefaultValueFactory = _ => ServeCommand.DefaultData,
    };

    /// <exception cref="CommandException">There is no repository.</exception>
    public static FolderFileSource OpenFolder(string data) => new FolderFileSource(FindRepository(data));

    /// <summary>The folder of the repository.</summary>
    /// <exception cref="CommandException">There is no repository.</exception>
    public static string FindRepository(string data)
    {
        string repository = Path.Combine(Path.GetFullPath(data), "repository");
        return Directory.Exists(Path.Combine(repository, RepositoryFiles.MetadataFolder))
            ? repository
            : throw new CommandException($"'{data}' is not the data folder of a relay: it contains no repository. Set the folder by --data.");
    }

    /// <summary>For commands that date certificates or metadata where no relay is.</summary>
    /// <exception cref="CommandException">The clock is wrong beyond doubt.</exception>
    public static void RequireClock(TimeProvider timeProvider)
    {
        if (SigningClock.FindError(timeProvider.GetUtcNow(), newest: null) is { } error)
        {
            throw new CommandException(error);
        }
    }

    /// <summary>Shows a line about the progress of a command.</summary>
    public static Action<string> ReportTo(ParseResult parsed) =>
        line => parsed.InvocationConfiguration.Error.WriteLine(DisplayText.Format($"relay: {line}"));

    /// <summary>Waits for as long as another changes the repository, and says so.</summary>
    public static LockWait WaitFor(ParseResult parsed) => new() { Report = ReportTo(parsed) };

    /// <summary>The lowest version that metadata may get in a folder that goes on after a loss or a restore; 0: none.</summary>
    public static long LowestVersion(string data) =>
        NewBeginning.LowestVersion(new ManifestStore(new DataFolder(data)).Read(), [], TimeProvider.System.GetUtcNow());

    /// <summary>The folder of the relay's keys.</summary>
    public static string KeysFolder(string data) => Path.Combine(Path.GetFullPath(data), "keys");
}
