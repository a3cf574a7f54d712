using Shared.Contracts.Models;

namespace Relay.Training.Engines.Abstractions;

/// <summary>The parameters that a trainer reads, with their defaults and ranges there.</summary>
internal sealed class TrainerParameters(params IReadOnlyList<TrainerParameter> all)
{
    public IReadOnlyList<TrainerParameter> All => all;

    public bool Reads(ParameterDefinition parameter) => all.Any(p => p.Definition == parameter);

    /// <exception cref="TrainingException">With InvalidSpec: a parameter is out of range.</exception>
    public void Require(ModelParameters given)
    {
        foreach (ParameterDefinition parameter in all.Select(p => p.Effective))
        {
            if (parameter.FindOutOfRange(given) is { } found)
            {
                throw new TrainingException(
                    TrainingFault.InvalidSpec, $"spec, parameters.{parameter.Name}: {found}, expected {parameter.Expected}");
            }
        }
    }

    /// <summary>The default of a number.</summary>
    public double Default(ParameterDefinition parameter) => all.Single(p => p.Definition == parameter).Default!.Value;

    /// <summary>The default of a whole number.</summary>
    public int WholeDefault(ParameterDefinition parameter) => (int)Default(parameter);
}
