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
            string text = Encoding.UTF8.GetString(RegularFile.ReadBounded(path, MaximumBytes) ?? []).Trim();

            // Nothing else leaves the machine, such as a private key in a file of a wrong name.
            if (text.Count(c => c == '.') == Dots && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))
            {
                return text;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(DisplayText.Format($"The token file '{path}' cannot be read: {e.Message}"));
        }

        throw new CommandException(
            DisplayText.Format($"'{path}' holds no token: write the one line into it that the issuer gave, three parts with dots between them."));
    }
}
