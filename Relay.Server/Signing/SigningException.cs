using System.Security.Cryptography;

namespace Relay.Server.Signing;

/// <summary>Nothing could be signed: a key, a command or a time-stamp authority failed. The message is for the operator.</summary>
public sealed class SigningException(string message, Exception? inner = null) : CryptographicException(message, inner);
