using System.CommandLine;
using Relay.Server.Repository.Mirroring;
using Shared.Contracts;
using Shared.Platform.Files;

namespace Relay.Server.Cli;

/// <summary><c>relay bundle export</c>: writes the release of a channel to one file, for nodes without a network.</summary>
internal static class BundleCommand
{
    public static Command Create()
    {
        Option<string> output = new("--out") { Description = "The file to write.", HelpName = "file", Required = true };
        Option<string> channel = new("--channel") { Description = "The channel.", HelpName = "name", DefaultValueFactory = _ => "stable" };
        CopySource source = new();
        Command export = new("export", "Writes the release of a channel to one file, with the metadata that nodes verify it by.")
        {
            output, channel,
        };
        source.AddTo(export);
        export.SetAction(async (parsed, cancellationToken) =>
        {
            IStaticFileSource original = source.Open(parsed, out HttpClient? http);
            using HttpClient? client = http;
            BundleWriter writer = new(original, TimeProvider.System, new DurableFiles());
            string path = parsed.GetValue(output)!;
            BundleResult written = await writer.WriteAsync(parsed.GetValue(channel)!, path, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                DisplayText.Format(
                    $"{path}: {written.Channel}, release {string.Join(" and ", written.Releases)}, {written.Files} files, {written.Bytes} bytes"));
            foreach (string revoked in written.Revoked)
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(
                    DisplayText.Format($"WARNING: {revoked} is revoked: nodes refuse the bundle. Publish another version, and export again."));
            }

            return 0;
        });
        return new Command("bundle", "Exports releases as files, for nodes without a network.") { export };
    }
}
