using System.Text;
using Shared.Contracts;

namespace Relay.Server.Cli.Audit;

/// <summary>Reads the lines of a file, none of which may be longer than a bound: a file of one endless line must not fill the memory.</summary>
internal static class BoundedLines
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="CommandException">There is no such file, a line is longer, the last one has no end, or one is not UTF-8.</exception>
    public static IEnumerable<string> Read(string path, int maximum)
    {
        if (!File.Exists(path))
        {
            throw new CommandException(DisplayText.Format($"{path}: there is no such file."));
        }

        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        using MemoryStream line = new();
        byte[] part = new byte[1 << 16];
        for (int read; (read = file.Read(part)) > 0;)
        {
            int start = 0;
            for (int end; (end = Array.IndexOf(part, (byte)'\n', start, read - start)) >= 0; start = end + 1)
            {
                Append(line, part.AsSpan(start, end - start), path, maximum);
                yield return Decode(line, path);
                line.SetLength(0);
            }

            Append(line, part.AsSpan(start, read - start), path, maximum);
        }

        if (line.Length > 0)
        {
            throw new CommandException(DisplayText.Format($"{path}: the last line has no end: the file was cut."));
        }
    }

    private static void Append(MemoryStream line, ReadOnlySpan<byte> bytes, string path, int maximum)
    {
        if (line.Length + bytes.Length > maximum)
        {
            throw new CommandException(DisplayText.Format($"{path}: a line has more than {maximum} bytes."));
        }

        line.Write(bytes);
    }

    private static string Decode(MemoryStream line, string path)
    {
        try
        {
            return Strict.GetString(line.GetBuffer().AsSpan(0, (int)line.Length));
        }
        catch (DecoderFallbackException)
        {
            throw new CommandException(DisplayText.Format($"{path}: a line is not UTF-8."));
        }
    }
}
