using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Relay.Server.Storage;
using Shared.Contracts;
using Shared.Platform.Files;

namespace Relay.Server.Http.Access.Tokens;

/// <summary>The file that names the issuers whose tokens the relay accepts.</summary>
internal static class IdentityFile
{
    public const int MaximumBytes = 1 << 20;
    private const int MaximumAuthorityBytes = 1 << 16;
    private const int MaximumSecretBytes = 1 << 10;

    /// <exception cref="RelayStartException">The file cannot be used; the message has all errors.</exception>
    public static IReadOnlyList<TrustedIssuer> Read(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        try
        {
            Result<IReadOnlyList<TrustedIssuer>, IdentityErrors> read = IdentityFileParser.Parse(
                Read(path, MaximumBytes), file => ReadAuthorities(Path.Combine(folder, file)), file => ReadSecret(Path.Combine(folder, file)));
            return read.Value ?? throw new RelayStartException(
                DisplayText.Format($"Cannot use the identity file '{path}':") + string.Concat(read.Refusal!.Lines.Select(line => "\n  " + line)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RelayStartException(DisplayText.Format($"Cannot read the identity file '{path}': {e.Message}"), e);
        }
    }

    /// <returns>Null where the file has no certificates.</returns>
    private static X509Certificate2Collection? ReadAuthorities(string path)
    {
        try
        {
            X509Certificate2Collection authorities = [];
            authorities.ImportFromPem(System.Text.Encoding.ASCII.GetString(Read(path, MaximumAuthorityBytes)));
            return authorities.Count > 0 ? authorities : null;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <returns>Null where the file does not have one line.</returns>
    private static string? ReadSecret(string path)
    {
        try
        {
            string text = System.Text.Encoding.UTF8.GetString(Read(path, MaximumSecretBytes)).Trim();
            return text.Length > 0 && DisplayText.IsPlain(text) ? text : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static byte[] Read(string path, int maximum) =>
        RegularFile.ReadBounded(path, maximum) ?? throw new IOException(DisplayText.Format($"'{path}' has more than {maximum} bytes."));
}
