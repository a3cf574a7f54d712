using Relay.AdminClient.Transport;

namespace Relay.AdminClient.Operations;

/// <summary>Which training runs to list. What is null excludes none.</summary>
public sealed record TrainingRunQuery
{
    /// <summary>The name of the model.</summary>
    public string? Model { get; init; }

    /// <summary>Such as running.</summary>
    public string? State { get; init; }

    /// <summary>The name of the dataset that the rows come from.</summary>
    public string? Dataset { get; init; }

    /// <summary>The first time.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The time before which.</summary>
    public DateTimeOffset? Until { get; init; }

    internal string ToPath(string path) => new QueryText()
        .Add("model", Model)
        .Add("state", State)
        .Add("dataset", Dataset)
        .Add("since", Since)
        .Add("until", Until)
        .ToPath(path);
}
