using Relay.AdminClient.Transport;

namespace Relay.AdminClient.Operations;

/// <summary>Which datasets to list. What is null excludes none.</summary>
public sealed record DatasetQuery
{
    /// <summary>A part of the name.</summary>
    public string? Name { get; init; }

    internal string ToPath(string path) => new QueryText()
        .Add("name", Name)
        .ToPath(path);
}
