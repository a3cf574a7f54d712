using System.CommandLine;
using Relay.Server.Repository.Mirroring;
using Relay.Server.Storage;

namespace Relay.Server.Cli;

/// <summary><c>relay bundle export</c>: one file with a channel's release, for nodes without network.</summary>
internal static class BundleCommand
{
    public static Command Create()
    {
        Option<string> output = new("--out") { Description = "The file to write.", Required = true };
        Option<string> channel = new("--channel") { Description = "The channel.", DefaultValueFactory = _ => "stable" };
        Option<string> data = RepositoryCommands.DataOption();
        Command export = new("export", "Writes a channel's release, with all that nodes check it by, to one file.") { output, channel, data };
        export.SetAction(async (parsed, cancellationToken) =>
        {
            BundleWriter writer = new(RepositoryCommands.OpenFolder(parsed.GetValue(data)!), TimeProvider.System, new DurableFiles());
            string path = parsed.GetValue(output)!;
            BundleResult written = await writer.WriteAsync(parsed.GetValue(channel)!, path, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                $"{path}: {written.Channel}, release {string.Join(" and ", written.Releases)}, {written.Files} files, {written.Bytes} bytes");
            return 0;
        });
        return new Command("bundle", "Releases as files, for nodes without network.") { export };
    }
}
