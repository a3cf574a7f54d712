using System.Buffers.Text;
using System.Text;

namespace Relay.Training.Importing.Lightgbm;

/// <summary>The members of the header or of one tree: lines <c>name=value</c>, and names that stand alone.</summary>
/// <param name="place">For messages.</param>
internal sealed class LightgbmMembers(string place)
{
    private const int MaxShown = 40;
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _values = new(StringComparer.Ordinal);

    public string Place => place;

    public void Add(ReadOnlyMemory<byte> line, int number, int maxMembers)
    {
        int equals = line.Span.IndexOf((byte)'=');
        string name = Encoding.UTF8.GetString((equals < 0 ? line : line[..equals]).Span);
        if (name.Length is 0 or > MaxShown || _values.Count >= maxMembers || !_values.TryAdd(name, equals < 0 ? default : line[(equals + 1)..]))
        {
            throw LightgbmFile.Refuse(
                $"line {number}, {place}: member '{(name.Length > MaxShown ? name[..MaxShown] : name)}' has no name, a long one, or is there twice, "
                + $"or there are more than {maxMembers}");
        }
    }

    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>Null where the member is absent.</summary>
    public string? Text(string name) => _values.TryGetValue(name, out ReadOnlyMemory<byte> value) ? Encoding.UTF8.GetString(value.Span).Trim() : null;

    /// <exception cref="TrainingException">With InvalidModelFile: no whole number in the range.</exception>
    public int Whole(string name, int min, int max, int? absent = null)
    {
        if (!_values.TryGetValue(name, out ReadOnlyMemory<byte> value))
        {
            return absent ?? throw LightgbmFile.Refuse($"{place} lacks {name}");
        }

        return Utf8Parser.TryParse(value.Span, out int number, out int used) && used == value.Length && number >= min && number <= max
            ? number
            : throw LightgbmFile.Refuse($"{place}, {name}: '{Shown(value.Span)}', expected a whole number from {min} to {max}");
    }

    /// <exception cref="TrainingException">With InvalidModelFile: not as many whole numbers, or one out of the range.</exception>
    public int[] Wholes(string name, int count, int min, int max)
    {
        int[] numbers = new int[count];
        ReadOnlySpan<byte> rest = List(name);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> cell = Next(ref rest);
            if (!Utf8Parser.TryParse(cell, out numbers[i], out int used) || used != cell.Length || numbers[i] < min || numbers[i] > max)
            {
                throw LightgbmFile.Refuse($"{place}, {name}, entry {i} of {count}: '{Shown(cell)}', expected a whole number from {min} to {max}");
            }
        }

        return RequireEnd(rest, name, count) ?? numbers;
    }

    /// <summary>Numbers of 32 bits.</summary>
    /// <exception cref="TrainingException">With InvalidModelFile: not as many, or one that has more bits.</exception>
    public uint[] Bits(string name, int count)
    {
        uint[] numbers = new uint[count];
        ReadOnlySpan<byte> rest = List(name);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> cell = Next(ref rest);
            if (!Utf8Parser.TryParse(cell, out numbers[i], out int used) || used != cell.Length)
            {
                throw LightgbmFile.Refuse($"{place}, {name}, entry {i} of {count}: '{Shown(cell)}', expected 32 bits as a whole number");
            }
        }

        RequireEnd(rest, name, count);
        return numbers;
    }

    /// <param name="isInfinite">Whether a number may be positive infinity.</param>
    /// <exception cref="TrainingException">With InvalidModelFile: not as many numbers, or one that is not finite.</exception>
    public double[] Numbers(string name, int count, bool isInfinite = false)
    {
        double[] numbers = new double[count];
        ReadOnlySpan<byte> rest = List(name);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> cell = Next(ref rest);
            if (isInfinite && cell.SequenceEqual("inf"u8))
            {
                numbers[i] = double.PositiveInfinity;
            }
            else if (!Utf8Parser.TryParse(cell, out numbers[i], out int used) || used != cell.Length || !double.IsFinite(numbers[i]))
            {
                throw LightgbmFile.Refuse($"{place}, {name}, entry {i} of {count}: '{Shown(cell)}', expected a finite number");
            }
        }

        RequireEnd(rest, name, count);
        return numbers;
    }

    private ReadOnlySpan<byte> List(string name) =>
        _values.TryGetValue(name, out ReadOnlyMemory<byte> value) ? value.Span.Trim((byte)' ') : throw LightgbmFile.Refuse($"{place} lacks {name}");

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> rest)
    {
        int space = rest.IndexOf((byte)' ');
        ReadOnlySpan<byte> cell = space < 0 ? rest : rest[..space];
        rest = space < 0 ? default : rest[(space + 1)..];
        return cell;
    }

    private int[]? RequireEnd(ReadOnlySpan<byte> rest, string name, int count) =>
        rest.IsEmpty ? null : throw LightgbmFile.Refuse($"{place}, {name}: more than {count} entries");

    private static string Shown(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text[..Math.Min(text.Length, MaxShown)]);
}
