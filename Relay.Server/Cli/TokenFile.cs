using System.Text;
using Shared.Contracts;
using Shared.Platform.Files;

namespace Relay.Server.Cli;

/// <summary>A file that holds an OpenID Connect token, as one line. What writes it may replace it at any time.</summary>
internal static class TokenFile
{
    private const int MaximumBytes = 16 * 1024;
    private const int Dots = 2;

    /// <exception cref="CommandException">It cannot be read, or holds no token.</exception>
    public static string Read(string path)
    {
        try
        {
            return Parse(RegularFile.ReadBounded(path, MaximumBytes) ?? [], path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(DisplayText.Format($"The token file '{path}' cannot be read: {e.Message}"));
        }
    }

    /// <summary>Reads the token that another program writes into this one.</summary>
    /// <exception cref="CommandException">It is no token.</exception>
    public static async Task<string> ReadAsync(Stream input, CancellationToken cancellationToken)
    {
        byte[] content = new byte[MaximumBytes + 1];
        int length = await input.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken);
        return Parse(length > MaximumBytes ? [] : content.AsSpan(0, length), "standard input");
    }

    // Nothing else leaves the machine, such as a private key in a file of a wrong name.
    private static string Parse(ReadOnlySpan<byte> content, string source)
    {
        string text = Encoding.UTF8.GetString(content).Trim();
        return text.Count(c => c == '.') == Dots && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')
            ? text
            : throw new CommandException(DisplayText.Format(
                $"'{source}' holds no token: write the one line into it that the issuer gave, three parts with dots between them."));
    }
}
