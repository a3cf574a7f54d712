using System.Globalization;
using System.Text;
using Relay.Training.Data.Csv;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Reading;

/// <summary>Turns cells as a file writes them into cells as columns are read: marks for missing values, percentages, lists.</summary>
internal sealed class CellForms
{
    private readonly byte[][] _missing;
    private readonly HashSet<string> _percent;
    private readonly Dictionary<string, (byte Separator, ListValue Take)> _lists;
    private readonly bool _areNone;

    public CellForms(ModelSpec spec)
    {
        _missing = [.. (spec.Csv.Missing ?? []).Select(Encoding.UTF8.GetBytes)];
        _percent = [.. spec.Csv.Percent ?? []];
        _lists = (spec.Csv.Lists ?? new Dictionary<string, ListSpec>())
            .ToDictionary(l => l.Key, l => ((byte)l.Value.Separator[0], l.Value.Take), StringComparer.Ordinal);
        _areNone = _missing.Length == 0 && _percent.Count == 0 && _lists.Count == 0;
    }

    /// <returns>The cell to read; where a form does not fit, the cell as it is, which its column refuses.</returns>
    public ReadOnlySpan<byte> Read(string column, ReadOnlySpan<byte> cell)
    {
        if (_areNone || cell.IsEmpty)
        {
            return cell;
        }

        if (IsMissing(cell))
        {
            return [];
        }

        if (_percent.Contains(column) && cell[^1] == '%')
        {
            return cell[..^1].TrimEnd((byte)' ');
        }

        return _lists.TryGetValue(column, out (byte Separator, ListValue Take) list) ? Pick(cell, list.Separator, list.Take) : cell;
    }

    private bool IsMissing(ReadOnlySpan<byte> cell)
    {
        foreach (byte[] mark in _missing)
        {
            if (cell.SequenceEqual(mark))
            {
                return true;
            }
        }

        return false;
    }

    private ReadOnlySpan<byte> Pick(ReadOnlySpan<byte> cell, byte separator, ListValue take)
    {
        if (take is ListValue.Count)
        {
            return Number(cell.Count(separator) + 1);
        }

        if (take is ListValue.First or ListValue.Last)
        {
            int end = take is ListValue.First ? cell.IndexOf(separator) : cell.LastIndexOf(separator);
            ReadOnlySpan<byte> picked = Trim(end < 0 ? cell : take is ListValue.First ? cell[..end] : cell[(end + 1)..]);
            return IsMissing(picked) ? [] : picked;
        }

        List<float> numbers = [];
        foreach (Range part in cell.Split(separator))
        {
            ReadOnlySpan<byte> text = Trim(cell[part]);
            if (!NumberText.TryParse(IsMissing(text) ? [] : text, out float number))
            {
                return cell;
            }

            if (!float.IsNaN(number))
            {
                numbers.Add(number);
            }
        }

        return numbers.Count == 0 ? [] : Number(take switch
        {
            ListValue.Min => numbers.Min(),
            ListValue.Max => numbers.Max(),
            _ => numbers.Average(n => (double)n),
        });
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim((byte)' ');

    private static byte[] Number(double number) => Encoding.UTF8.GetBytes(number.ToString("R", CultureInfo.InvariantCulture));
}
