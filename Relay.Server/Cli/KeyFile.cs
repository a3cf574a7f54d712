using System.Text;
using Shared.Contracts;
using Shared.Platform.Files;

namespace Relay.Server.Cli;

/// <summary>A file that holds an API key, as one line.</summary>
internal static class KeyFile
{
    private const int MaximumBytes = 512;

    /// <exception cref="CommandException">It holds no key.</exception>
    public static string Read(string path)
    {
        using FileStream file = RegularFile.OpenRead(path);
        byte[] bytes = new byte[MaximumBytes + 1];
        int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        string text = Encoding.UTF8.GetString(bytes, 0, length).Trim();
        return length <= MaximumBytes && text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
            ? text
            : throw new CommandException(
                DisplayText.Format($"'{path}' holds no API key: write the one line into it that 'relay api-keys create' showed."));
    }
}
