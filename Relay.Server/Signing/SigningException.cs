using System.Security.Cryptography;

namespace Relay.Server.Signing;

/// <summary>Why nothing was signed, for the operator: a key, a command or a time-stamp authority does not do its part.</summary>
public sealed class SigningException(string message, Exception? inner = null) : CryptographicException(message, inner);
