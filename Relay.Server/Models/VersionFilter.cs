using Relay.Server.Models.Annotations;
using Relay.Server.Storage;

namespace Relay.Server.Models;

/// <summary>Which versions of a model to list; what is null excludes none.</summary>
/// <param name="Tags">Those that each has.</param>
/// <param name="State">A state of <see cref="VersionStates"/>.</param>
/// <param name="Since">The first time at which it was made.</param>
/// <param name="Until">The time before which it was made.</param>
internal sealed record VersionFilter(
    IReadOnlyList<TagFilter> Tags, string? State, VersionStates States, DateTimeOffset? Since, DateTimeOffset? Until)
{
    public ListConditions AddTo(ListConditions conditions)
    {
        conditions.Add("created_at >= @", Since?.ToUnixTimeMilliseconds()).Add("created_at < @", Until?.ToUnixTimeMilliseconds());
        return TagFilter.AddTo(States.AddTo(conditions, State), Tags, "model_versions.model", "model_versions.version");
    }
}
