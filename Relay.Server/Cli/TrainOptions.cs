using System.CommandLine;
using Relay.Server.Cli.Local;
using Relay.Server.Cli.Mpi;
using Relay.Server.Http.Access;
using Relay.Server.Training;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary>The options of <c>relay train</c>. Where the run takes place follows from them, and one that is not read there is refused.</summary>
internal sealed class TrainOptions
{
    private readonly Argument<string> _model = new("model")
    {
        Description = "A spec file, which replaces the spec of its model, or the name of a model. With --output: a spec file.",
    };

    private readonly Option<string[]> _train = new("--train")
    {
        Description = "The training file in the relay's datasets folder. With --output: a local file, or several, whose rows count as one file in " +
            "this order. With --mpi: given once, or once per process in order of rank.",
        HelpName = "file",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> _test = new("--test")
    {
        Description = "The file with the held-out rows. Default: the last part of the training file.",
        HelpName = "file",
    };

    private readonly Option<string?> _dataset = new("--dataset")
    {
        Description =
            "The dataset of the relay to train from, instead of a training file. Its last samples are held out, unless --test names a file.",
        HelpName = "name",
    };

    private readonly Option<long?> _position = new("--position")
    {
        Description = "With --dataset: leaves out samples and labels with a higher number. Default: all that there are now.",
        HelpName = "number",
    };

    private readonly Option<int?> _simulate = new("--simulate")
    {
        Description = $"The number of simulated requests to train on, instead of files: {TrainingDataValidator.MinimumRequests} or more.",
        HelpName = "count",
    };

    private readonly Option<int> _seed = new("--seed")
    {
        Description = "The seed of the simulation.",
        HelpName = "number",
        DefaultValueFactory = _ => 42,
    };

    private readonly Option<bool> _detach = new("--detach") { Description = "Starts the run and does not wait for its end." };

    private readonly Option<string?> _output = new("--output")
    {
        Description = "Trains here, without a relay, and writes the model to this file and its card beside it. A relay signs it when it is imported.",
        HelpName = "file",
    };

    private readonly Option<string?> _checkpoint = new("--checkpoint")
    {
        Description = "With --output: the checkpoint file. After an interruption the next run continues from it.",
        HelpName = "file",
    };

    private readonly Option<string?> _incumbent = new("--incumbent")
    {
        Description = "With --output: the model that the new one would replace; gates compare the two. A card beside it is read as well.",
        HelpName = "file",
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "With --output: prints the result as one line of JSON, and the progress to the error output.",
    };

    private readonly MpiHosts _mpi = new();
    private readonly AcceptOptions _accept = new("Lets the version ship although this gate fails; once for each gate, with a --reason.");

    public RelayConnection Connection { get; } = new(AccessPolicies.Train);

    public void AddTo(Command command)
    {
        command.Add(_model);
        foreach (Option option in (Option[])[_train, _test, _dataset, _position, _simulate,
            _seed, _detach, _output, _json, _incumbent, _checkpoint, _mpi.Option])
        {
            command.Add(option);
        }

        _accept.AddTo(command);
        Connection.AddTo(command);
    }

    /// <summary>Where the run takes place, after a check that every option is read there.</summary>
    /// <exception cref="CommandException">An option is not read there, or one is missing.</exception>
    public TrainPlace FindPlace(ParseResult parsed)
    {
        if (!GivenOptions.Has(parsed, _simulate))
        {
            GivenOptions.Refuse(parsed, [_seed], "is the seed of --simulate: set both or none; the seed of training is parameters.seed of the spec");
        }
        else
        {
            GivenOptions.Refuse(parsed, [_train, _test, _dataset], "names rows, and --simulate makes them: leave out one of them");
        }

        TrainPlace place = _mpi.IsRequested(parsed) ? TrainPlace.Mpi
            : GivenOptions.Has(parsed, _output) ? TrainPlace.Here
            : TrainPlace.Relay;
        if (place is TrainPlace.Relay)
        {
            GivenOptions.Refuse(parsed, [_incumbent, _checkpoint, _json], "is for training without a relay: add --output, or leave it out");
            if (!GivenOptions.Has(parsed, _dataset))
            {
                GivenOptions.Refuse(parsed, [_position], "is a number of --dataset: set both or none");
            }
            else
            {
                GivenOptions.Refuse(parsed, [_train], "names a file, and --dataset has the rows: leave out one of them");
            }

            if (parsed.GetValue(_train)!.Length > 1)
            {
                throw new CommandException("a relay trains from one file; set --train once, or add --output to train here");
            }

            return place;
        }

        GivenOptions.Refuse(
            parsed, [_detach, _dataset, _position, .. Connection.WithProfile(parsed)],
            $"is for training on a relay, and {(place is TrainPlace.Mpi ? "--mpi" : "--output")} trains without one: leave out one of them");
        if (place is TrainPlace.Mpi)
        {
            GivenOptions.Refuse(parsed, [_simulate, _incumbent, _json], "is not for training by MPI: leave it out");
        }

        return place;
    }

    /// <summary>The arguments of a run without a relay.</summary>
    /// <exception cref="CommandException">One is missing, or a gate is accepted without a reason.</exception>
    public LocalTraining ReadLocal(ParseResult parsed) => new()
    {
        Spec = parsed.GetValue(_model)!,
        Train = parsed.GetValue(_train)!,
        Test = parsed.GetValue(_test),
        Simulator = ReadSimulator(parsed),
        Output = parsed.GetValue(_output) ?? throw new CommandException("--mpi needs --train and --output"),
        Checkpoint = parsed.GetValue(_checkpoint),
        Incumbent = parsed.GetValue(_incumbent),
        Accepted = _accept.Read(parsed) ?? [],
        PrintsJson = parsed.GetValue(_json),
    };

    /// <summary>The hosts of <c>--mpi</c>; null in a process that mpirun started.</summary>
    public string? ReadHosts(ParseResult parsed) => parsed.GetValue(_mpi.Option);

    /// <summary>The spec file, or the name of a model of the relay.</summary>
    public string ReadModel(ParseResult parsed) => parsed.GetValue(_model)!;

    public bool IsDetached(ParseResult parsed) => parsed.GetValue(_detach);

    /// <summary>The body of a request to a relay.</summary>
    /// <param name="model">The name of the model.</param>
    public TrainingRunRequest ReadRequest(ParseResult parsed, string model) => new(model, new TrainingDataSource
    {
        Train = parsed.GetValue(_train)!.FirstOrDefault(),
        Test = parsed.GetValue(_test),
        Dataset = parsed.GetValue(_dataset) is { } dataset ? new DatasetRows(dataset, parsed.GetValue(_position)) : null,
        Simulator = ReadSimulator(parsed),
    })
    {
        Accept = _accept.Read(parsed),
    };

    private SimulatorSource? ReadSimulator(ParseResult parsed) =>
        parsed.GetValue(_simulate) is { } requests ? new SimulatorSource(parsed.GetValue(_seed), requests) : null;
}

internal enum TrainPlace
{
    Relay,

    /// <summary>In this process.</summary>
    Here,

    /// <summary>In processes that mpirun starts, of which this may be one.</summary>
    Mpi,
}
