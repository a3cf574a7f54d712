using Shared.Contracts;
using Shared.Platform.Files;

namespace Relay.Server.Cli;

/// <summary>Reads a file that an argument names: at most so many bytes of it, and none from a pipe, which may never end.</summary>
internal static class BoundedFile
{
    /// <param name="expected">What the file should be, for the error.</param>
    /// <exception cref="CommandException">There is no such file, or it is larger.</exception>
    public static byte[] Read(string path, int maxBytes, string expected)
    {
        if (!File.Exists(path))
        {
            throw new CommandException(DisplayText.Format($"{path}: there is no such file; expected {expected}"));
        }

        using FileStream file = RegularFile.OpenRead(path);
        using MemoryStream content = new();
        byte[] part = new byte[Math.Min(maxBytes + 1, 1 << 16)];
        for (int read; (read = file.Read(part)) > 0;)
        {
            content.Write(part.AsSpan(0, read));
            if (content.Length > maxBytes)
            {
                throw new CommandException(DisplayText.Format($"{path}: it has more than {maxBytes} bytes; expected {expected}"));
            }
        }

        return content.ToArray();
    }
}
