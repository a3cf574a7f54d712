namespace Shared.Scoring.Graph;

/// <summary>A category column of the caller's rows, [rows, 1].</summary>
internal sealed record CategoryValue(int Column) : PlanValue
{
    public override int Width => 1;
}
