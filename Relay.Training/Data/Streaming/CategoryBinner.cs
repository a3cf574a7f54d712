using Relay.Training.Data.Csv;
using Relay.Training.Data.Tables;

namespace Relay.Training.Data.Streaming;

/// <param name="texts">Of the first pass.</param>
/// <param name="binOfText">Per code of those texts.</param>
/// <param name="missing">The bin of an empty cell.</param>
internal sealed class CategoryBinner(string name, TextCodes texts, byte[] binOfText, byte missing, byte[] row, int at)
    : ColumnReader(name)
{
    protected override string? Add(ReadOnlySpan<byte> cell)
    {
        if (at < 0)
        {
            return null;
        }

        int code = cell.IsEmpty ? -1 : texts.Code(cell);
        if (code >= binOfText.Length)
        {
            return "a text that was there when the file was first read";
        }

        row[at] = code < 0 ? missing : binOfText[code];
        return null;
    }
}
