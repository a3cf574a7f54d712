using Relay.Server.Storage;

namespace Relay.Server.Training;

/// <summary>Which runs to list; what is null excludes none.</summary>
/// <param name="State">The name of a state in the database.</param>
/// <param name="Dataset">The name of the dataset that the rows come from.</param>
/// <param name="Since">The first time at which it was queued.</param>
/// <param name="Until">The time before which it was queued.</param>
internal sealed record TrainingRunFilter(string? Model, string? State, string? Dataset, DateTimeOffset? Since, DateTimeOffset? Until)
{
    public static TrainingRunFilter All { get; } = new(null, null, null, null, null);

    public ListConditions AddTo(ListConditions conditions) => conditions
        .Add("model = @", Model)
        .Add("state = @", State)
        .Add("json_extract(data, '$.dataset.name') = @", Dataset)
        .Add("created_at >= @", Since?.ToUnixTimeMilliseconds())
        .Add("created_at < @", Until?.ToUnixTimeMilliseconds());
}
