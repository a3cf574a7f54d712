using System.CommandLine;
using Relay.Training;
using Relay.Training.Engines.Abstractions;
using Relay.Training.Mpi;
using Shared.Contracts.Models;

namespace Relay.Server.Cli.Mpi;

/// <summary>What <c>relay train</c> takes to train outside of the relay, over several processes, into a file.</summary>
internal sealed class MpiOptions
{
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(5);

    private readonly Option<string?> hosts = new("--mpi")
    {
        Description = "Hosts for mpirun, such as a,b or localhost:2: trains here and there, not in the relay, and writes --output.",
    };

    private readonly Option<string?> target = new("--output") { Description = "With MPI, the file to write the model to." };

    private readonly Option<string?> checkpoint = new("--checkpoint")
    {
        Description = "With MPI, a file that a run which was ended goes on from when it is started again.",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(hosts);
        command.Options.Add(target);
        command.Options.Add(checkpoint);
    }

    /// <summary>Whether to train by MPI: asked for, or started by mpirun.</summary>
    public bool IsAsked(ParseResult parsed) => MpiShardGroup.IsUnderMpi || parsed.GetValue(hosts) is not null;

    /// <summary>Under mpirun one process of the run; else starts mpirun.</summary>
    /// <param name="train">One file for all, or one for each process.</param>
    public async Task<int> RunAsync(ParseResult parsed, string spec, string[] train, string? test, CancellationToken cancellationToken)
    {
        if (train.Length == 0 || parsed.GetValue(target) is not { } output)
        {
            throw new RelayApiException("training by MPI needs --train and --output");
        }

        if (train.Length > 1 && test is null)
        {
            throw new RelayApiException("a training file for each process needs --test, a held-out file that all of them read");
        }

        string? resume = parsed.GetValue(checkpoint);
        if (MpiShardGroup.IsUnderMpi)
        {
            TrainingJob job = new(await ReadSpecAsync(spec, cancellationToken), 1, Origin(train, test))
            {
                Checkpoint = resume is null ? null : new TrainingCheckpoint(resume) { Interval = CheckpointInterval },
            };
            return MpiRank.Run(job, output, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancellationToken);
        }

        List<string> arguments = ["train", spec, .. train.SelectMany(file => new[] { "--train", file }), "--output", output];
        arguments.AddRange(test is null ? [] : ["--test", test]);
        arguments.AddRange(resume is null ? [] : ["--checkpoint", resume]);
        int code = await MpiLauncher.RunAsync(parsed.GetValue(hosts)!, arguments, cancellationToken);
        return code == 0 ? 0 : throw new RelayApiException(
            $"a process of the run ended with {code} and the others with it; what it said stands above. "
            + (resume is null ? "With --checkpoint the next run could go on from here" : "Start it again to go on from the checkpoint"));
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
            throw new RelayApiException($"{path}: {e.Message}");
        }
    }
}
