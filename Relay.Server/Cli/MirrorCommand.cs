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
        CopySource source = new();
        Option<bool> prune = new("--prune")
        {
            Description = "Deletes files that the repository no longer refers to. A node that is updating restarts its update.",
        };

        Option<int> minutes = NumberOption.Create(
            "--deadline", "The minutes after which the run ends. What it copied by then stays, and the next run goes on.",
            (int)new MirrorTimes().Deadline.TotalMinutes, minimum: 1, MaximumMinutes, "minutes");

        Command command = new("mirror", "Copies the repository to a folder of static files that nodes can use as a mirror.")
        {
            folder, prune, minutes,
        };
        source.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string target = Path.GetFullPath(parsed.GetValue(folder)!);
            MirrorTimes times = new() { Deadline = TimeSpan.FromMinutes(parsed.GetValue(minutes)) };
            RepositoryMirror mirror = new(target, TimeProvider.System, new DurableFiles(), times, RepositoryAccess.ReportTo(parsed));
            IStaticFileSource original = source.Open(parsed, out HttpClient? http);
            using HttpClient? client = http;
            MirrorResult result = await mirror.UpdateAsync(original, parsed.GetValue(prune), cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                DisplayText.Format($"{target}: timestamp {result.TimestampVersion}, {result.Written} files written, {result.Deleted} deleted"));
            return 0;
        });
        return command;
    }
}
