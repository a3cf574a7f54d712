using Shared.Contracts.Models;

namespace Relay.Training.Engines.Abstractions;

/// <summary>One parameter as one trainer reads it.</summary>
/// <param name="Default">The value where the spec gives none; null where that is no number.</param>
internal sealed record TrainerParameter(ParameterDefinition Definition, double? Default = null)
{
    /// <summary>What happens where the spec gives none and no number says so, for the guide.</summary>
    public string? WithoutValue { get; init; }

    /// <summary>The upper end of the range where the trainer takes less than <see cref="ParameterDefinition.Max"/>.</summary>
    public decimal? Max { get; init; }

    /// <summary>The parameter with the range that this trainer takes.</summary>
    public ParameterDefinition Effective => Max is { } max ? Definition with { Max = max } : Definition;
}
