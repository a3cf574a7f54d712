using System.CommandLine;
using Relay.Training;
using Relay.Training.Engines.Common.Checkpoints;
using Relay.Training.Mpi;
using Shared.Contracts.Models;

namespace Relay.Server.Cli.Mpi;

/// <summary>The options by which <c>relay train</c> trains in several processes outside of the relay and writes a file.</summary>
internal sealed class MpiOptions
{
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(5);

    private readonly Option<string?> _hosts = new("--mpi")
    {
        Description = "Hosts for mpirun, such as a,b or localhost:2. Trains on these hosts instead of the relay and writes --output.",
        HelpName = "hosts",
    };

    private readonly Option<string?> _target = new("--output") { Description = "With --mpi: the file that receives the model.", HelpName = "file" };

    private readonly Option<string?> _checkpoint = new("--checkpoint")
    {
        Description = "With --mpi: the checkpoint file. After an interruption the next run continues from it.",
        HelpName = "file",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_hosts);
        command.Options.Add(_target);
        command.Options.Add(_checkpoint);
    }

    /// <summary>True with <c>--mpi</c>, and in a process that mpirun started.</summary>
    public bool IsRequested(ParseResult parsed) => MpiShardGroup.IsUnderMpi || parsed.GetValue(_hosts) is not null;

    /// <summary>Starts mpirun, or is one process of the run if mpirun started this one.</summary>
    /// <param name="train">One file for all processes, or one per process.</param>
    /// <param name="accepted">The gates that the caller accepts; null for none.</param>
    public async Task<int> RunAsync(
        ParseResult parsed, string spec, string[] train, string? test, IReadOnlyList<GateAcceptance>? accepted, CancellationToken cancellationToken)
    {
        if (train.Length == 0 || parsed.GetValue(_target) is not { } output)
        {
            throw new CommandException("--mpi needs --train and --output");
        }

        if (train.Length > 1 && test is null)
        {
            throw new CommandException("one training file per process needs --test: the file with the held-out rows, which all processes read");
        }

        string? resume = parsed.GetValue(_checkpoint);
        if (MpiShardGroup.IsUnderMpi)
        {
            TrainingJob job = new(await ReadSpecAsync(spec, cancellationToken), 1, Origin(train, test))
            {
                Accepted = (accepted ?? []).ToDictionary(a => a.Gate, a => a.Reason, StringComparer.Ordinal),
                Checkpoint = resume is null ? null : new TrainingCheckpoint(resume) { Interval = CheckpointInterval },
            };
            return MpiRank.Run(job, output, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancellationToken);
        }

        List<string> arguments = ["train", spec, .. train.SelectMany(file => new[] { "--train", file }), "--output", output];
        arguments.AddRange(test is null ? [] : ["--test", test]);
        arguments.AddRange(resume is null ? [] : ["--checkpoint", resume]);
        arguments.AddRange((accepted ?? []).SelectMany(a => new[] { "--accept", a.Gate, "--reason", a.Reason }));
        int code = await MpiLauncher.RunAsync(parsed.GetValue(_hosts)!, arguments, cancellationToken);
        return code == 0 ? 0 : throw new CommandException(
            $"a process of the run failed with exit code {code} and ended the others; its error is above. "
            + (resume is null ? "With --checkpoint the next run could continue from here" : "The next run continues from the checkpoint"));
    }

    private static DataOrigin Origin(string[] train, string? test) =>
        train is [var file] ? new DataOrigin.Files(file, test) : new DataOrigin.Parts(train, test!);

    private static async Task<ModelSpec> ReadSpecAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return ModelSpecParser.Parse(await File.ReadAllBytesAsync(path, cancellationToken));
        }
        catch (ModelSpecException e)
        {
            throw new CommandException($"{path}: {e.Message}");
        }
    }
}
