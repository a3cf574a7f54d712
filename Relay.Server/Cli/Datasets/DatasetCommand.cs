using System.CommandLine;

namespace Relay.Server.Cli.Datasets;

/// <summary><c>relay dataset</c>: samples and labels on a running relay.</summary>
internal static class DatasetCommand
{
    public static Command Create() => new("dataset", "Keeps samples and labels that models are trained from.")
    {
        DatasetSpecCommands.CreateCreate(),
        DatasetSpecCommands.CreateUpdate(),
        DatasetSpecCommands.CreateList(),
        DatasetSpecCommands.CreateShow(),
        UploadCommands.CreateUpload(),
        UploadCommands.CreateLabel(),
        ExportCommand.Create(),
        ForgetCommands.CreateForget(),
        ForgetCommands.CreateDelete(),
    };
}
