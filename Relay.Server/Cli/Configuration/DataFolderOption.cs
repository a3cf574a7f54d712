using System.CommandLine;

namespace Relay.Server.Cli.Configuration;

/// <summary>The option <c>--data</c> of the commands that work in the data folder of a relay: the setting <c>Data</c> is for all of them.</summary>
internal sealed class DataFolderOption : Option<string>
{
    public DataFolderOption(string description)
        : base("--data")
    {
        Description = description;
        HelpName = "folder";
        DefaultValueFactory = _ => ServeCommand.DefaultData;
    }
}
