using Relay.Training.Data;
using Relay.Training.Gates;
using Shared.Contracts.Models;

namespace Relay.Training.Reproducing;

/// <summary>Trains a version again from its card and its data.</summary>
/// <param name="Job">To be run by <see cref="TrainingPipeline"/>.</param>
public sealed record Reproduction(TrainingJob Job)
{
    /// <summary>Checks that this program and these files can give the bytes of a version, and prepares the run.</summary>
    /// <param name="train">The training file; null where the rows are simulated.</param>
    /// <param name="test">The held-out file; null where there is none of its own.</param>
    /// <exception cref="TrainingException">The card does not say enough, another program made the version,
    /// or the files are not those of the card.</exception>
    public static Reproduction Prepare(ModelCard card, string? train, string? test, CancellationToken cancellationToken)
    {
        TrainingRecord record = Require(card);

        // What a search found is known: to search again would take other time. The budget itself stays, for the gates that it bounds.
        ModelSpec spec = card.Tuning is { } tuning ? card.Spec with { Tune = null, Parameters = tuning.Parameters } : card.Spec;
        TrainingJob job = new(spec, card.Version, DataOf(card, record, train, test, cancellationToken))
        {
            Threads = record.Threads,
            BudgetParameters = card.Budget?.Parameters,
            Accepted = GateAcceptances.GateNames
                .Where(name => GateAcceptances.FindError(name, Reason) is null)
                .ToDictionary(name => name, _ => Reason, StringComparer.Ordinal),
        };
        return new Reproduction(job);
    }

    /// <summary>The gates whose figure is another than the card has, with both figures; without those that
    /// depend on the machine or on an incumbent.</summary>
    public static IReadOnlyList<string> FindOtherFigures(ModelCard card, ModelCard again)
    {
        Dictionary<string, GateResult> now = (again.Gates ?? []).ToDictionary(g => g.Name, StringComparer.Ordinal);
        return
        [
            .. (card.Gates ?? [])
                .Where(g => GateCatalog.Find(g.Name) is { IsOfMachine: false } gate && (card.Training?.Incumbent is null || !gate.ReadsIncumbent))
                .Where(g => now.TryGetValue(g.Name, out GateResult? other) && !Equals(g.Figure, other.Figure))
                .Select(g => $"{g.Name}: {g.Figure:R} and {now[g.Name].Figure:R}"),
        ];
    }

    private static string Reason => "Reproduction of a version that exists.";

    private static TrainingRecord Require(ModelCard card)
    {
        if (card.Import is { } import)
        {
            throw Refuse(
                $"{card.Name} version {card.Version} was imported from {import.File}, and not trained: where that file was " +
                    $"trained by 'relay train --output', "
                + $"reproduce it by the card that was written beside it, and compare its SHA-256 with {import.Sha256}");
        }

        TrainingRecord record = card.Training ?? throw Refuse(
            $"the card of {card.Name} version {card.Version} does not say how it was trained: a program of before this was recorded made it");
        if (record.Producer != TrainingRecorder.Producer)
        {
            throw Refuse(
                $"{card.Name} version {card.Version} was trained by relay {record.Producer}, and this is {TrainingRecorder.Producer}: "
                + "use the program or the container of that version");
        }

        return record;
    }

    private static DataOrigin DataOf(ModelCard card, TrainingRecord record, string? train, string? test, CancellationToken cancellationToken)
    {
        if (record.Simulator is { } simulator)
        {
            return train is null && test is null
                ? new DataOrigin.Simulated(simulator.Seed, simulator.Requests)
                : throw Refuse("the rows of this version were simulated: no file belongs to it");
        }

        if (record.Parts is { } parts)
        {
            throw Refuse(
                $"this version was trained by {parts} processes or owners, each with a file of its own: run 'relay train' with " +
                    $"a --train for each of these files and compare the SHA-256");
        }

        if (train is null || test is null != record.HeldOutShare is not null)
        {
            throw Refuse(record.HeldOutShare is null
                ? $"expected the training file ({card.Train.Source}) and the held-out file ({card.Test.Source})"
                : $"expected the training file ({card.Train.Source}) alone: its last part was held out");
        }

        RequireDigest("training", train, card.Train, cancellationToken);
        RequireDigest("held-out", test ?? train, card.Test, cancellationToken);
        return new DataOrigin.Files(train, test, record.HeldOutShare ?? new DataOrigin.Files("", "").HeldOutShare);
    }

    private static void RequireDigest(string what, string path, DataSummary of, CancellationToken cancellationToken)
    {
        string digest = DataDigest.Compute(path, cancellationToken);
        if (digest != of.Sha256)
        {
            throw Refuse(
                $"{Path.GetFileName(path)} is not the {what} file of this version ({of.Source}): its SHA-256 is " +
                    $"{digest}, and the card has {of.Sha256}");
        }
    }

    private static TrainingException Refuse(string why) => new(TrainingFault.NotReproducible, why);
}
