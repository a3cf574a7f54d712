using Relay.AdminClient.Transport;

namespace Relay.AdminClient.Operations;

/// <summary>Which triggers to list. What is null excludes none.</summary>
public sealed record TriggerQuery
{
    /// <summary>The name of the model.</summary>
    public string? Model { get; init; }

    /// <summary>The name of the dataset.</summary>
    public string? Dataset { get; init; }

    /// <summary>True: paused ones; false: the others.</summary>
    public bool? Paused { get; init; }

    internal string ToPath(string path) => new QueryText()
        .Add("model", Model)
        .Add("dataset", Dataset)
        .Add("paused", Paused)
        .ToPath(path);
}
