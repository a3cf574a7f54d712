namespace Shared.Contracts.Models;

/// <summary>The bounds of one gate in a spec. What is null is as the gate has it.</summary>
public sealed record GateBounds
{
    /// <summary>The figure beyond which the gate warns.</summary>
    public double? Warn { get; init; }

    /// <summary>The figure beyond which the gate fails.</summary>
    public double? Fail { get; init; }

    /// <summary>The columns whose values part the held-out rows, for gates that compare parts.</summary>
    public IReadOnlyList<string>? Columns { get; init; }
}
