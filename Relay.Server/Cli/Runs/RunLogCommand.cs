using System.CommandLine;
using Relay.Server.Http.Access;
using Shared.Contracts;

namespace Relay.Server.Cli.Runs;

/// <summary><c>relay runs log</c>: what a training run did, line by line.</summary>
internal static class RunLogCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        RelayConnection connection = new(AccessPolicies.Audit);
        Argument<long> id = new("id") { Description = "The number of the run." };
        Option<bool> follow = new("--follow") { Description = "Waits for further lines until the run ends." };
        Command command = new("log", "Prints what a training run did: stages with their times, rows, warnings, gates, and how it ended.")
        {
            id, follow,
        };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            await PrintAsync(relay, parsed.GetValue(id), parsed.GetValue(follow), parsed.InvocationConfiguration.Output, cancellationToken);
            return 0;
        });
        return command;
    }

    private static async Task PrintAsync(RelayApi relay, long id, bool follow, TextWriter output, CancellationToken cancellationToken)
    {
        for (int printed = 0; ;)
        {
            // The state first: the last line is there before the run is said to have ended.
            bool isOver = !follow || (await relay.Client.TrainingRuns.FindAsync(id, cancellationToken)).IsFinished;
            string lines = await relay.Client.TrainingRuns.ReadLogAsync(id, printed, cancellationToken);
            foreach (string line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                await output.WriteLineAsync(DisplayText.Escape(line));
                printed++;
            }

            if (isOver)
            {
                return;
            }

            await Task.Delay(Interval, TimeProvider.System, cancellationToken);
        }
    }
}
