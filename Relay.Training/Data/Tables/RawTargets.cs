namespace Relay.Training.Data.Tables;

/// <summary>The label column as numbers.</summary>
internal sealed record RawTargets(string Column, float[] Values) : RawLabelColumn(Column)
{
    public override RawLabelColumn Select(RowSelection rows) => this with { Values = rows.Take(Values) };
}
