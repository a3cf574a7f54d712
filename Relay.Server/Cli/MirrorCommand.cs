using System.CommandLine;
using Relay.Server.Repository.Mirroring;
using Shared.Contracts;
using Shared.Platform.Files;

namespace Relay.Server.Cli;

/// <summary><c>relay mirror</c>: copies the repository to files that any static server or CDN can serve.</summary>
internal static class MirrorCommand
{
    private const int MaximumMinutes = 10_080;

    public static Command Create()
    {
        Argument<string> folder = new("folder") { Description = "The folder to create or update." };
        Option<Uri?> relay = new("--relay")
        {
            Description = "Copies from the running relay at this https:// address instead of --data.",
            HelpName = "url",
            CustomParser = RelayConnection.ParseAddress,
        };
        Option<string?> authority = new("--ca")
        {
            Description = "With --relay: the PEM file of the certificate authority to trust. Default: the system's authorities.",
            HelpName = "file",
        };
        Option<string?> key = new("--api-key")
        {
            Description = $"With --relay: an API key of role node, or of another role. Default: the environment variable {RelayConnection.KeyVariable}, else {RelayConnection.AdminKeyVariable}.",
            HelpName = "key",
        };
        Option<string> data = RepositoryAccess.DataOption();
        Option<bool> prune = new("--prune")
        {
            Description = "Deletes files that the repository no longer refers to. A node that is updating restarts its update.",
        };

        Option<int> minutes = NumberOption.Create(
            "--deadline", "The minutes after which the run ends. What it copied by then stays, and the next run goes on.",
            (int)new MirrorTimes().Deadline.TotalMinutes, minimum: 1, MaximumMinutes, "minutes");

        Command command = new("mirror", "Copies the repository to a folder of static files that nodes can use as a mirror.")
        {
            folder, relay, authority, key, data, prune, minutes,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string target = Path.GetFullPath(parsed.GetValue(folder)!);
            MirrorTimes times = new() { Deadline = TimeSpan.FromMinutes(parsed.GetValue(minutes)) };
            RepositoryMirror mirror = new(target, TimeProvider.System, new DurableFiles(), times, RepositoryAccess.ReportTo(parsed));
            using HttpClient? http = parsed.GetValue(relay) is { } address
                ? RelayApi.CreateClient(
                    address, parsed.GetValue(authority), parsed.GetValue(key) ?? RelayConnection.Variable(RelayConnection.KeyVariable) ?? RelayConnection.Variable(RelayConnection.AdminKeyVariable))
                : null;
            IStaticFileSource original = http is not null ? new RelayFileSource(http, TimeProvider.System, RelayFileSource.DefaultGrace) : RepositoryAccess.OpenFolder(parsed.GetValue(data)!);
            MirrorResult result = await mirror.UpdateAsync(original, parsed.GetValue(prune), cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                DisplayText.Format($"{target}: timestamp {result.TimestampVersion}, {result.Written} files written, {result.Deleted} deleted"));
            return 0;
        });
        return command;
    }
}
