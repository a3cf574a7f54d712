using System.Text;
using Shared.Platform.Files;

namespace Sync.Client.Identity;

/// <summary>The enrollment token of the options. Its file is read when it is needed, so that it may be there later, be replaced, and be gone once the
/// node is enrolled.</summary>
internal sealed class EnrollmentTokens(RelaySyncOptions options)
{
    private const int MaximumLength = 512;
    private const string Prefix = "relay_enroll_";

    /// <summary>True where the options name a token or a file of one.</summary>
    public bool IsConfigured => options.EnrollmentToken is not null || options.EnrollmentTokenFile is not null;

    /// <summary>True for a text that has the form of a token.</summary>
    public static bool IsToken(string text) =>
        text.Length is > 13 and <= MaximumLength && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    /// <summary>The token, or what to do about it for people: no text here holds the token.</summary>
    public (string? Token, string? Error) Read()
    {
        if (options.EnrollmentToken is { } token)
        {
            return (token, null);
        }

        if (options.EnrollmentTokenFile is not { } file)
        {
            return (
                null,
                $"this node has no enrollment token: set {OptionNames.EnrollmentTokenFile} to a file with one that the relay's " +
                    "operator made by 'relay enroll-token'");
        }

        try
        {
            return ReadFile(file) is { } read
                ? (read, null)
                : (null, $"the file '{file}' holds no enrollment token: write the one line into it that 'relay enroll-token' printed");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"the enrollment token cannot be read: {e.Message}");
        }
    }

    private static string? ReadFile(string path)
    {
        using FileStream file = RegularFile.OpenRead(path);
        byte[] bytes = new byte[MaximumLength + 64];
        int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        string text = Encoding.UTF8.GetString(bytes, 0, length).Trim();
        return length < bytes.Length && IsToken(text) ? text : null;
    }
}
