using Relay.AdminClient.Transport;

namespace Relay.AdminClient.Operations;

/// <summary>Which items to list. What is null excludes none.</summary>
public sealed record ChannelNameQuery
{
    /// <summary>The name of a channel that they change.</summary>
    public string? Channel { get; init; }

    internal string ToPath(string path) => new QueryText()
        .Add("channel", Channel)
        .ToPath(path);
}
