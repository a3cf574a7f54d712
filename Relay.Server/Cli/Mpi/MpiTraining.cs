using System.CommandLine;
using Relay.Server.Cli.Local;
using Relay.Training;
using Relay.Training.Mpi;

namespace Relay.Server.Cli.Mpi;

/// <summary>Trains in several processes outside of the relay and writes a file.</summary>
internal static class MpiTraining
{
    /// <summary>Starts mpirun, or is one process of the run if mpirun started this one.</summary>
    /// <param name="hosts">Null in a process that mpirun started.</param>
    /// <exception cref="CommandException">Arguments do not fit, or a process failed.</exception>
    public static async Task<int> RunAsync(
        LocalTraining arguments, string? hosts, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        if (arguments.Train.Count == 0)
        {
            throw new CommandException("--mpi needs --train and --output");
        }

        if (arguments.Train.Count > 1 && arguments.Test is null)
        {
            throw new CommandException("one training file per process needs --test: the file with the held-out rows, which all processes read");
        }

        // Before mpirun starts: an error of all processes is told once.
        TrainingJob job = await arguments.CreateJobAsync(cancellationToken);
        if (MpiShardGroup.IsUnderMpi)
        {
            return MpiRank.Run(job, new ModelFiles(arguments.Output), console.Output, console.Error, cancellationToken);
        }

        List<string> command =
        [
            "train", arguments.Spec, .. arguments.Train.SelectMany(file => new[] { "--train", file }), "--output", arguments.Output,
            .. Option("--test", arguments.Test), .. Option("--checkpoint", arguments.Checkpoint),
            .. arguments.Accepted.SelectMany(a => new[] { "--accept", a.Gate, "--reason", a.Reason }),
        ];
        int code = await MpiLauncher.RunAsync(hosts!, command, cancellationToken);
        return code == 0 ? 0 : throw new CommandException(
            $"a process of the run failed with exit code {code} and ended the others; its error is above. "
            + (arguments.Checkpoint is null
                ? "With --checkpoint the next run could continue from here"
                : "The next run continues from the checkpoint"));
    }

    private static string[] Option(string name, string? value) => value is null ? [] : [name, value];
}
