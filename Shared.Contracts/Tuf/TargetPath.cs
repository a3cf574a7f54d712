using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Shared.Contracts.Tuf;

/// <summary>The path of a target. It is relative and of plain segments, so that under any folder and in any URL it means one file below
/// that folder: no value of this type leaves its folder.</summary>
public sealed record TargetPath
{
    /// <summary>Maximum UTF-16 units of a path.</summary>
    private const int MaximumLength = 512;

    /// <summary>Maximum bytes of a name in the file systems of Linux, macOS and Windows.</summary>
    private const int MaximumNameBytes = 255;

    /// <summary>What stands before the file name with consistent snapshots: SHA-512 in hex, and a dot.</summary>
    private const int HashPrefixBytes = 129;

    // Windows opens a device under such a name, with any extension and in any folder, and reads a superscript as the digit.
    private static readonly HashSet<string> Devices = new(
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", .. "0123456789\u00b9\u00b2\u00b3".SelectMany(n => (string[])[$"COM{n}", $"LPT{n}"])],
        StringComparer.OrdinalIgnoreCase);

    private const string TooLong = "a target's path has a name that is too long for a file";

    private TargetPath(string value) => Value = value;

    /// <summary>The path as metadata list it, with slashes.</summary>
    public string Value { get; }

    /// <summary>The file name: what follows the last slash.</summary>
    public string FileName => Value[(Value.LastIndexOf('/') + 1)..];

    /// <summary>False for a text that is no path of a target.</summary>
    public static bool TryCreate(string? text, [NotNullWhen(true)] out TargetPath? path)
    {
        path = text is not null && FindTargetError(text) is null ? new(text) : null;
        return path is not null;
    }

    /// <exception cref="FormatException">The text is no path of a target.</exception>
    public static TargetPath Parse(string text) => FindTargetError(text) is { } error ? throw new FormatException(error) : new(text);

    /// <summary>The path with a hash before its file name: <c>releases/&lt;hash&gt;.1.json</c>.</summary>
    /// <param name="hash">Lower-case hex of one of the hashes that the metadata list.</param>
    public string WithHash(string hash) => $"{Value[..^FileName.Length]}{hash}.{FileName}";

    public static implicit operator string(TargetPath path) => path.Value;

    public override string ToString() => Value;

    /// <summary>True for the path of any file below a folder. A target's is shorter, because its hash stands before it.</summary>
    internal static bool IsPlain(string text) => FindError(text) is null;

    private static string? FindTargetError(string text) => FindError(text)
        ?? (Encoding.UTF8.GetByteCount(text[(text.LastIndexOf('/') + 1)..]) > MaximumNameBytes - HashPrefixBytes ? TooLong : null);

    // The text is not quoted: it may hold what moves a terminal's cursor.
    private static string? FindError(string text)
    {
        string[] segments = text.Split('/');
        return text.Length is 0 or > MaximumLength ? $"a target's path has 1 to {MaximumLength} characters"
            : segments.Any(segment => segment is "" or "." or "..") ? "a target's path is not a relative one of plain segments"
            : segments.Any(segment => segment[^1] is '.' or ' ' || IsDevice(segment))
                ? "a target's path has a segment that Windows reads as another name"
            : !DisplayText.IsPlain(text) || text.Any(IsForbidden) ? "a target's path has a character that no path may have"
            : segments.Any(segment => Encoding.UTF8.GetByteCount(segment) > MaximumNameBytes) ? TooLong
            : null;
    }

    private static bool IsDevice(string segment) => Devices.Contains(segment.Split('.')[0].TrimEnd(' '));

    private static bool IsForbidden(char c) => c is '\\' or ':' or '%' or '?' or '#';
}
