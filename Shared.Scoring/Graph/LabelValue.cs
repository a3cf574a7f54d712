namespace Shared.Scoring.Graph;

/// <summary>One of a few texts by its index, [rows].</summary>
internal sealed record LabelValue(Block Index, string[] Texts) : PlanValue
{
    public override int Width => 1;
}
