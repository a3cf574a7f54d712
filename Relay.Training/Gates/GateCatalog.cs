using Relay.Training.Gates.Incumbents;
using Relay.Training.Gates.Proofs;
using Relay.Training.Gates.Quality;
using Relay.Training.Gates.Rows;
using Shared.Contracts.Models;

namespace Relay.Training.Gates;

/// <summary>All gates, in the order in which they are run and shown.</summary>
internal static class GateCatalog
{
    /// <summary>The gates on the data, before anything is trained.</summary>
    public static IReadOnlyList<IGate> OfData { get; } =
    [
        new BenignClassGate(),
        new LabelSpellingGate(),
        new ConstantColumnsGate(),
        new ConflictingLabelsGate(),
        new SharedRowsGate(),
        new LabelColumnGate(),
        new RowNumberGate(),
        new ClassSetGate(),
        new LabelDisagreementGate(),
    ];

    /// <summary>The gates on the trained model.</summary>
    public static IReadOnlyList<IGate> OfModel { get; } =
    [
        new ParityGate(),
        new GoldenVectorsGate(),
        new ConverterAgreementGate(),
        new SingleClassGate(),
        new ClassRecallGate(),
        new ClassPrecisionGate(),
        new FalseAlarmsGate(),
        new SlicesGate(),
        new BudgetLossGate(),
        new IncumbentMacroF1Gate(),
        new IncumbentLogLossGate(),
        new IncumbentAucGate(),
        new IncumbentErrorGate(),
        new IncumbentRecallGate(),
        new SizeGate(),
        new LatencyGate(),
    ];

    /// <summary>The gates on an imported model: those that need no training rows.</summary>
    public static IReadOnlyList<IGate> OfImport { get; } = [.. OfData.Where(g => g is LabelColumnGate or RowNumberGate or ClassSetGate), .. OfModel];

    public static IEnumerable<IGate> All => OfData.Concat(OfModel);

    /// <summary>Checks that a spec sets bounds of gates only that there are, and that have them.</summary>
    /// <exception cref="TrainingException">With InvalidSpec.</exception>
    public static void Require(ModelSpec spec)
    {
        foreach ((string name, GateBounds bounds) in spec.Gates ?? new Dictionary<string, GateBounds>())
        {
            IGate gate = Find(name) ?? throw Refuse($"gates: there is no gate '{name}'; expected one of {Names}");
            Require(name, "warn", bounds.Warn is null || gate.Defaults.Warn is not null);
            Require(name, "fail", bounds.Fail is null || gate.Defaults.Fail is not null);
            Require(name, "columns", bounds.Columns is null || gate.Defaults.Columns is not null);
        }
    }

    /// <summary>Checks what a person accepts in advance.</summary>
    /// <param name="accepted">The reason for each gate.</param>
    /// <exception cref="TrainingException">With InvalidSpec: there is no such gate, it cannot be accepted, or the reason is no text.</exception>
    public static void RequireAccepted(IReadOnlyDictionary<string, string> accepted)
    {
        foreach ((string name, string reason) in accepted)
        {
            if (FindAcceptanceError(name, reason) is { } error)
            {
                throw new TrainingException(TrainingFault.InvalidSpec, error);
            }
        }
    }

    /// <summary>Says why a person cannot accept a gate for a reason; null where that is possible.</summary>
    public static string? FindAcceptanceError(string name, string? reason) => Find(name) switch
    {
        null => $"there is no gate '{name}'; expected one of {string.Join(", ", All.Where(g => g.CanBeAccepted).Select(g => g.Name))}",
        { CanBeAccepted: false } => $"the gate '{name}' cannot be accepted: a model that fails it is not what it claims to be",
        _ => GateAcceptance.FindReasonError(reason) is { } error ? $"the reason to accept the gate '{name}': {error}" : null,
    };

    private static string Names => string.Join(", ", All.Select(g => g.Name));

    /// <summary>The gate of a name; null where there is none.</summary>
    public static IGate? Find(string name) => All.FirstOrDefault(g => g.Name == name);

    private static void Require(string name, string bound, bool exists)
    {
        if (!exists)
        {
            throw Refuse($"gates.{name}.{bound}: the gate has no such bound");
        }
    }

    private static TrainingException Refuse(string why) => new(TrainingFault.InvalidSpec, $"spec, {why}");
}
