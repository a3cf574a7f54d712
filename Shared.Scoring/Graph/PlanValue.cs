namespace Shared.Scoring.Graph;

/// <summary>What a plan knows of a tensor while it is built.</summary>
internal abstract record PlanValue
{
    /// <summary>Columns per row.</summary>
    public abstract int Width { get; }
}
