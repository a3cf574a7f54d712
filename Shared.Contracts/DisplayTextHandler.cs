using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Shared.Contracts;

/// <summary>Builds the text of <see cref="DisplayText.Format"/>: the literal parts as they are, each inserted value escaped.</summary>
[InterpolatedStringHandler]
public sealed class DisplayTextHandler
{
    private readonly StringBuilder _text;

    public DisplayTextHandler(int literalLength, int formattedCount) => _text = new(literalLength + (formattedCount * 16));

    public void AppendLiteral(string value) => _text.Append(value);

    public void AppendFormatted(string? value) => _text.Append(DisplayText.Escape(value));

    public void AppendFormatted<T>(T value) => AppendFormatted(value, null);

    public void AppendFormatted<T>(T value, string? format) => AppendFormatted(
        value is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : value?.ToString());

    internal string ToText() => _text.ToString();
}
