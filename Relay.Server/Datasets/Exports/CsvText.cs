using System.Buffers;

namespace Relay.Server.Datasets.Exports;

/// <summary>Writes CSV (RFC 4180): a cell is quoted where it is more than letters, digits and a few signs.</summary>
internal sealed class CsvText(Stream output, byte delimiter)
{
    private static readonly SearchValues<byte> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+-"u8);

    private bool _isFirst = true;

    public void Write(ReadOnlySpan<byte> cell)
    {
        if (!_isFirst)
        {
            output.WriteByte(delimiter);
        }

        _isFirst = false;
        if (!cell.ContainsAnyExcept(Plain))
        {
            output.Write(cell);
            return;
        }

        output.WriteByte((byte)'"');
        for (int quote; (quote = cell.IndexOf((byte)'"')) >= 0; cell = cell[(quote + 1)..])
        {
            output.Write(cell[..(quote + 1)]);
            output.WriteByte((byte)'"');
        }

        output.Write(cell);
        output.WriteByte((byte)'"');
    }

    public void EndRow()
    {
        output.WriteByte((byte)'\n');
        _isFirst = true;
    }
}
