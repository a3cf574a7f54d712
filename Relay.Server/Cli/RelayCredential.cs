using System.Security.Cryptography.X509Certificates;
using Relay.AdminClient.Transport;

namespace Relay.Server.Cli;

/// <summary>What a command sends to its relay: an API key, or the token that a file holds at the time of each request. A class and
/// no record: nothing prints the key.</summary>
internal sealed class RelayCredential
{
    /// <summary>The environment variable that names a token file.</summary>
    public const string TokenFileVariable = "RELAY_TOKEN_FILE";

    private readonly string? _key;
    private readonly string? _tokenFile;

    private RelayCredential(string? key, string? tokenFile) => (_key, _tokenFile) = (key, tokenFile);

    public static RelayCredential? FromKey(string? key) => key is null ? null : new(key, null);

    /// <exception cref="CommandException">The file holds no token.</exception>
    public static RelayCredential? FromTokenFile(string? path)
    {
        if (path is null)
        {
            return null;
        }

        // Before the first request, so that a wrong path is told as such.
        TokenFile.Read(path);
        return new(null, Path.GetFullPath(path));
    }

    /// <param name="credential">Null for the open routes only.</param>
    public static HttpClient CreateClient(Uri relay, X509ChainPolicy? trust, RelayCredential? credential, TimeSpan? requestTime) =>
        RelayConnector.CreateClient(
            relay, trust, credential?._key,
            credential?._tokenFile is { } file ? _ => ValueTask.FromResult<string?>(TokenFile.Read(file)) : null,
            requestTime);
}
