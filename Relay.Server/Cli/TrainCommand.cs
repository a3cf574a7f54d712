using System.CommandLine;
using Relay.Server.Cli.Local;
using Relay.Server.Cli.Mpi;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Cli;

/// <summary><c>relay train</c>: starts a training run and follows it, or trains here and writes a file; Ctrl-C cancels the run.</summary>
internal static class TrainCommand
{
    private static readonly TimeSpan CancelTime = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        TrainOptions options = new();
        Command command = new("train", "Trains a model: on a running relay, here into a file, or in several processes by MPI.");
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => options.FindPlace(parsed) switch
        {
            TrainPlace.Mpi => MpiTraining.RunAsync(
                options.ReadLocal(parsed), options.ReadHosts(parsed), parsed.InvocationConfiguration, cancellationToken),
            TrainPlace.Here => LocalTrainingRun.RunAsync(options.ReadLocal(parsed), parsed.InvocationConfiguration, cancellationToken),
            _ => RunOnRelayAsync(options, parsed, cancellationToken),
        });
        return command;
    }

    private static async Task<int> RunOnRelayAsync(TrainOptions options, ParseResult parsed, CancellationToken cancellationToken)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;

        // Before the spec is replaced: its errors are the caller's.
        _ = options.ReadRequest(parsed, "");
        using RelayApi relay = options.Connection.Open(parsed);
        string name = await ResolveNameAsync(relay, options.ReadModel(parsed), cancellationToken);
        TrainingRun run = await StartAsync(
            token => relay.Client.TrainingRuns.StartAsync(options.ReadRequest(parsed, name), token),
            cancellationToken);
        await output.WriteLineAsync(DisplayText.Format($"Training run {run.Id} of {name}"));
        return options.IsDetached(parsed) ? 0 : await FollowAsync(relay, run, output, cancellationToken);
    }

    /// <summary>The name of a model; a spec file replaces the spec of its model first.</summary>
    internal static async Task<string> ResolveNameAsync(RelayApi relay, string model, CancellationToken cancellationToken)
    {
        if (!File.Exists(model))
        {
            return model;
        }

        (ModelSpec spec, byte[] text) = await SpecFile.ReadAsync(model, cancellationToken);
        await relay.PutSpecAsync(spec.Name, text, cancellationToken);
        return spec.Name;
    }

    /// <summary>Starts a run. After Ctrl-C the answer is waited for a while longer: a run whose number is not known could not be cancelled, and
    /// would go on.</summary>
    internal static async Task<TrainingRun> StartAsync(Func<CancellationToken, Task<TrainingRun>> start, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using CancellationTokenSource limit = new();
        using CancellationTokenRegistration late = cancellationToken.Register(() => limit.CancelAfter(CancelTime));
        return await start(limit.Token);
    }

    /// <summary>Shows a run to its end; Ctrl-C cancels it.</summary>
    internal static async Task<int> FollowAsync(RelayApi relay, TrainingRun run, TextWriter output, CancellationToken cancellationToken)
    {
        try
        {
            run = await RunProgress.FollowAsync(relay, run, output, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            using CancellationTokenSource limit = new(CancelTime);
            await relay.Client.TrainingRuns.CancelAsync(run.Id, limit.Token);
            await output.WriteLineAsync(DisplayText.Format($"Training run {run.Id} is cancelled"));
            return CommandLine.Cancelled;
        }

        switch (run.State)
        {
            case TrainingRunState.Succeeded:
                VersionDetail trained = await relay.Client.Versions.FindAsync(run.Model, run.Version!.Value, cancellationToken);
                await WriteAsync(output, CardText.Describe(trained.Card));
                return 0;
            case TrainingRunState.Failed:
                await WriteAsync(output, GateText.Describe(run.Gates ?? []));
                string what = run.Data.Import is null ? "training" : "import";
                throw new CommandException(DisplayText.Format($"{what} failed, {run.Problem!.Fault}: {run.Problem.Detail}"));
            default:
                await output.WriteLineAsync(DisplayText.Format($"Training run {run.Id} was cancelled"));
                return CommandLine.Failed;
        }
    }

    private static async Task WriteAsync(TextWriter output, IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            await output.WriteLineAsync(line);
        }
    }
}
