using Relay.Server.Models.Annotations;
using Relay.Server.Storage;

namespace Relay.Server.Models;

/// <summary>Which models to list.</summary>
/// <param name="Tags">Those that each has.</param>
/// <param name="Archived">One of the words below; null: those that are not archived.</param>
internal sealed record ModelFilter(IReadOnlyList<TagFilter> Tags, string? Archived)
{
    public const string IsArchived = "true";
    public const string IsNotArchived = "false";
    public const string All = "all";

    public ListConditions AddTo(ListConditions conditions)
    {
        if (Archived != All)
        {
            conditions.Append(Archived == IsArchived ? "archived_at IS NOT NULL" : "archived_at IS NULL");
        }

        return TagFilter.AddTo(conditions, Tags, "models.name", "0");
    }
}
