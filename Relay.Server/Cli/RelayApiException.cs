namespace Relay.Server.Cli;

/// <summary>The relay's answer was a problem; the message is its detail.</summary>
/// <param name="type">The problem's stable type; null where the answer was none of the relay's.</param>
internal sealed class RelayApiException(string message, string? type = null) : Exception(message)
{
    public string? Type { get; } = type;
}
