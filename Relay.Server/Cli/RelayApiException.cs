namespace Relay.Server.Cli;

/// <summary>The relay answered with a problem; the message is its detail.</summary>
/// <param name="type">The problem's stable type; null for an answer that is not a problem of a relay.</param>
internal sealed class RelayApiException(string message, string? type = null) : CommandException(message)
{
    public string? Type { get; } = type;
}
