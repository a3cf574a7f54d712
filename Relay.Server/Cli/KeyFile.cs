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
        string text = Encoding.UTF8.GetString(RegularFile.ReadBounded(path, MaximumBytes) ?? []).Trim();
        return text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
            ? text
            : throw new CommandException(
                DisplayText.Format($"'{path}' holds no API key: write the one line into it that 'relay api-keys create' showed."));
    }
}
