using System.Globalization;

namespace Relay.Server.Storage;

/// <summary>A file whose bytes are the right ones.</summary>
/// <param name="Tag">SHA-256 of the bytes, lower-case hexadecimal.</param>
/// <param name="Length">In bytes.</param>
/// <param name="WrittenAt">UTC.</param>
/// <param name="Content">The bytes of a small file; null for one that is read from the disk.</param>
internal sealed record IntactFile(string Tag, long Length, DateTime WrittenAt, byte[]? Content)
{
    /// <summary>The tag as the header <c>ETag</c> has it.</summary>
    public string EntityTag { get; } = $"\"{Tag}\"";

    /// <summary>The time as the header <c>Last-Modified</c> has it.</summary>
    public string LastModified { get; } = WrittenAt.ToString("R", CultureInfo.InvariantCulture);
}
