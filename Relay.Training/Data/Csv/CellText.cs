using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Relay.Training.Data.Csv;

/// <summary>Checks that a cell or a name is text in UTF-8. Bytes that are not would all become the same replacement character, so that
/// different categories, classes and columns became one.</summary>
internal static class CellText
{
    public const string WholeExpected = "text without half of a surrogate pair";

    private const string Utf8Expected = "text in UTF-8: convert the file, for example with iconv -f WINDOWS-1252 -t UTF-8";
    private const string NoNulExpected = "text without NUL bytes";

    /// <returns>Null, or what was expected instead.</returns>
    public static string? FindError(ReadOnlySpan<byte> cell) =>
        !cell.ContainsAnyExceptInRange((byte)1, (byte)127) ? null
        : cell.Contains((byte)0) ? NoNulExpected
        : Utf8.IsValid(cell) ? null
        : Utf8Expected;

    /// <summary>A text as a file would hold it.</summary>
    /// <returns>Null where it has half of a surrogate pair, which UTF-8 has no bytes for.</returns>
    public static byte[]? ToUtf8(string text)
    {
        byte[] utf8 = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        return Utf8.FromUtf16(text, utf8, out _, out int written, replaceInvalidSequences: false) is OperationStatus.Done ? utf8[..written] : null;
    }
}
