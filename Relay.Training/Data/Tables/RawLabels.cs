namespace Relay.Training.Data.Tables;

/// <summary>The label column as codes of texts.</summary>
/// <param name="FirstLines">Per text, the line where it stands first.</param>
internal sealed record RawLabels(string Column, int[] Codes, string[] Texts, long[] FirstLines) : RawLabelColumn(Column)
{
    public override RawLabelColumn Select(RowSelection rows) => this with { Codes = rows.Take(Codes) };
}
