using System.CommandLine;
using Relay.Server.Repository.Mirroring;
using Relay.Server.Storage;

namespace Relay.Server.Cli;

/// <summary><c>relay mirror DIR</c>: a copy of the repository that any static server or CDN can serve.</summary>
internal static class MirrorCommand
{
    public static Command Create()
    {
        Argument<string> folder = new("DIR") { Description = "The folder to make or update." };
        Option<Uri?> relay = new("--relay")
        {
            Description = "Copies from a running relay's https:// address, in place of --data.",
            CustomParser = result =>
            {
                if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? address) && address.Scheme == Uri.UriSchemeHttps)
                {
                    return address;
                }

                result.AddError("--relay takes an https:// address.");
                return null;
            },
        };
        Option<string?> authority = new("--ca") { Description = "PEM file of the authority to trust with --relay; default: the system's." };
        Option<string> data = RepositoryCommands.DataOption();
        Option<bool> prune = new("--prune") { Description = "Deletes what nothing leads to any more. A node in the midst of an update begins again." };

        Command command = new("mirror", "Copies the repository to static files that nodes can use as a mirror.")
        {
            folder, relay, authority, data, prune,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string target = Path.GetFullPath(parsed.GetValue(folder)!);
            RepositoryMirror mirror = new(target, TimeProvider.System, new DurableFiles());
            using HttpClient? http = parsed.GetValue(relay) is { } address ? RelayApi.CreateClient(address, parsed.GetValue(authority)) : null;
            IStaticFileSource original = http is not null ? new RelayFileSource(http) : RepositoryCommands.OpenFolder(parsed.GetValue(data)!);
            MirrorResult result = await mirror.UpdateAsync(original, parsed.GetValue(prune), cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                $"{target}: timestamp {result.TimestampVersion}, {result.Written} files written, {result.Deleted} deleted");
            return 0;
        });
        return command;
    }
}
