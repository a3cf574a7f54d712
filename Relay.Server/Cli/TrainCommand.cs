using System.CommandLine;
using System.Globalization;
using Relay.Server.Cli.Mpi;
using Relay.Server.Http.Access;
using Relay.Server.Training;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Cli;

/// <summary><c>relay train</c>: starts a training run and follows it; Ctrl-C cancels the run.</summary>
internal static class TrainCommand
{
    private static readonly TimeSpan CancelTime = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        RelayConnection connection = new(AccessPolicies.Train);
        Argument<string> model = new("model") { Description = "A spec file, which replaces the spec of its model, or the name of a model." };
        Option<string[]> train = new("--train")
        {
            Description = "The training file in the relay's datasets folder. With --mpi: a local file, given once, or once per process in order of rank.",
            HelpName = "file",
            DefaultValueFactory = _ => [],
        };
        Option<string?> test = new("--test")
        {
            Description = "The file with the held-out rows. Default: the last part of the training file.",
            HelpName = "file",
        };
        Option<int?> simulate = new("--simulate")
        {
            Description = $"The number of simulated requests to train on, instead of files: {TrainingDataValidator.MinimumRequests} or more.",
            HelpName = "count",
        };
        Option<int> seed = new("--seed") { Description = "The seed of the simulation.", HelpName = "number", DefaultValueFactory = _ => 42 };
        AcceptOptions accept = new("Lets the version ship although this gate fails; once for each gate, with a --reason.");
        Option<bool> detach = new("--detach") { Description = "Starts the run and does not wait for its end." };

        MpiOptions mpi = new();

        Command command = new("train", "Trains a model: on a running relay, or in several processes by MPI.")
        {
            model, train, test, simulate, seed, detach,
        };
        accept.AddTo(command);
        mpi.AddTo(command);
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            IReadOnlyList<GateAcceptance>? accepted = accept.Read(parsed);
            if (mpi.IsRequested(parsed))
            {
                return await mpi.RunAsync(parsed, parsed.GetValue(model)!, parsed.GetValue(train)!, parsed.GetValue(test), accepted, cancellationToken);
            }

            if (parsed.GetValue(train) is { Length: > 1 })
            {
                throw new CommandException("only --mpi takes several training files; set --train once");
            }

            using RelayApi relay = connection.Open(parsed);
            string name = await ResolveNameAsync(relay, parsed.GetValue(model)!, cancellationToken);
            TrainingDataSource data = new()
            {
                Train = parsed.GetValue(train)!.FirstOrDefault(),
                Test = parsed.GetValue(test),
                Simulator = parsed.GetValue(simulate) is { } requests ? new SimulatorSource(parsed.GetValue(seed), requests) : null,
            };
            TrainingRun run = await relay.PostAsync(
                Routes.TrainingRuns, new TrainingRunRequest(name, data) { Accept = accepted }, RelayApiJson.Default.TrainingRunRequest,
                RelayApiJson.Default.TrainingRun, cancellationToken);
            await output.WriteLineAsync(DisplayText.Format($"Training run {run.Id} of {name}"));
            return parsed.GetValue(detach) ? 0 : await FollowAsync(relay, run, output, cancellationToken);
        });
        return command;
    }

    /// <summary>The name of a model; a spec file replaces the spec of its model first.</summary>
    internal static async Task<string> ResolveNameAsync(RelayApi relay, string model, CancellationToken cancellationToken)
    {
        if (!File.Exists(model))
        {
            return model;
        }

        byte[] text = await File.ReadAllBytesAsync(model, cancellationToken);
        try
        {
            ModelSpec spec = ModelSpecParser.Parse(text);
            await relay.PutSpecAsync(spec.Name, text, cancellationToken);
            return spec.Name;
        }
        catch (ModelSpecException e)
        {
            throw new CommandException($"{model}: {e.Message}");
        }
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
            await relay.CancelAsync(run.Id, limit.Token);
            await output.WriteLineAsync(DisplayText.Format($"Training run {run.Id} is cancelled"));
            return CommandLine.Cancelled;
        }

        switch (run.State)
        {
            case TrainingRunState.Succeeded:
                VersionDetail trained = await relay.GetAsync(
                    $"{Routes.Models}/{run.Model}/versions/{run.Version}", RelayApiJson.Default.VersionDetail, cancellationToken);
                ModelCard card = trained.Card;
                foreach (string warning in card.Train.Warnings ?? [])
                {
                    await output.WriteLineAsync(DisplayText.Format($"warning: {warning}"));
                }

                string figures = string.Join(
                    ", ", card.Metrics.Figures.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Name} {f.Value:G4}")));
                await output.WriteLineAsync(DisplayText.Format(
                    $"{card.Name} version {card.Version}: {figures} on {card.Metrics.Rows} held-out rows, ")
                    + DisplayText.Format($"parity {card.Parity.MaxAbsDiff:G3} with {card.Parity.LabelDisagreements} label disagreements, ")
                    + DisplayText.Format($"{card.SizeBytes} bytes"));
                if (card.Import is { } import)
                {
                    await output.WriteLineAsync(DisplayText.Format(
                        $"Imported from {import.File} ({import.Format}): {import.Thresholds} thresholds, ")
                        + DisplayText.Format($"{import.TreeRows + import.ThresholdRows + import.GivenRows} rows compared, none changed sides, ")
                        + DisplayText.Format($"largest difference {import.MaxAbsDiff:G3}; ")
                        + (import.Signer is { } signer ? DisplayText.Format($"signed by {signer.Subject ?? signer.KeySha256}") : "not signed by its giver"));
                }

                foreach (string line in GateText.Describe(card.Gates ?? []))
                {
                    await output.WriteLineAsync(line);
                }

                if (card.SchemaChange is { } change)
                {
                    await output.WriteLineAsync(DisplayText.Format(
                        $"SCHEMA CHANGE since version {change.Since}: {SchemaComparison.Join(change.Differences)}. ")
                        + "Apps that were built for that one refuse it; a channel that runs it takes it by 'relay publish --schema-change'.");
                }

                return 0;
            case TrainingRunState.Failed:
                foreach (string line in GateText.Describe(run.Gates ?? []))
                {
                    await output.WriteLineAsync(line);
                }

                string what = run.Data.Import is null ? "training" : "import";
                throw new CommandException(DisplayText.Format($"{what} failed, {run.Problem!.Fault}: {run.Problem.Detail}"));
            default:
                await output.WriteLineAsync(DisplayText.Format($"Training run {run.Id} was cancelled"));
                return CommandLine.Failed;
        }
    }
}
