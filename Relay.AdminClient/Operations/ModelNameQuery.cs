using Relay.AdminClient.Transport;

namespace Relay.AdminClient.Operations;

/// <summary>Which items to list. What is null excludes none.</summary>
public sealed record ModelNameQuery
{
    /// <summary>The name of a model that they have.</summary>
    public string? Model { get; init; }

    internal string ToPath(string path) => new QueryText()
        .Add("model", Model)
        .ToPath(path);
}
