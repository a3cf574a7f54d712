using Relay.Training.Engines.Abstractions;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.Managed.Isolation;

/// <summary>Parameters of an isolation forest with defaults filled in and ranges checked.</summary>
internal sealed record IsolationParameters(int Trees, int SamplesPerTree, double Contamination, ulong Seed)
{
    public static TrainerParameters Table { get; } = new(
        new(ParameterTable.Trees, 100),
        new(ParameterTable.SamplesPerTree, 256),
        new(ParameterTable.Contamination, 0.1),
        new(ParameterTable.Features) { WithoutValue = "all" },
        new(ParameterTable.Scale) { WithoutValue = "false" },
        new(ParameterTable.Seed, ModelParameters.DefaultSeed));

    /// <exception cref="TrainingException">A parameter is out of range.</exception>
    public static IsolationParameters From(ModelParameters given)
    {
        Table.Require(given);
        return new(
            given.Trees ?? Table.WholeDefault(ParameterTable.Trees),
            given.SamplesPerTree ?? Table.WholeDefault(ParameterTable.SamplesPerTree),
            given.Contamination ?? Table.Default(ParameterTable.Contamination),
            given.Seed ?? ModelParameters.DefaultSeed);
    }
}
