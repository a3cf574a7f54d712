using System.Security.Cryptography;

namespace Relay.Server.Keys.Signers;

/// <summary>Nothing could be signed: a key, a command, a time-stamp authority or the clock failed. The message is for the operator.</summary>
internal sealed class SigningException(string message, Exception? inner = null) : CryptographicException(message, inner)
{
    /// <summary>What failed.</summary>
    public SigningFault Fault { get; init; } = SigningFault.Key;
}
