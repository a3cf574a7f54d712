using Relay.Server.Storage;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Models.Annotations;

/// <summary>A tag that models or versions of a list have.</summary>
/// <param name="Value">Null: any.</param>
internal sealed record TagFilter(string Key, string? Value)
{
    /// <summary>The name of the query parameter.</summary>
    public const string Parameter = "tag";

    /// <summary>As many as a request may have.</summary>
    public const int Maximum = 10;

    public const string Expected = "KEY or KEY=VALUE, up to 10 times";

    /// <summary>Null where a text is of neither form, or there are too many.</summary>
    public static IReadOnlyList<TagFilter>? ParseAll(IReadOnlyList<string> texts)
    {
        TagFilter?[] filters = [.. texts.Select(Parse)];
        return filters.Length > Maximum || filters.Contains(null) ? null : [.. filters.OfType<TagFilter>()];
    }

    /// <param name="model">The column that names the model.</param>
    /// <param name="version">The column of the version, or 0 for models.</param>
    public static ListConditions AddTo(ListConditions conditions, IReadOnlyList<TagFilter> filters, string model, string version)
    {
        foreach (TagFilter filter in filters)
        {
            string tags = $"SELECT 1 FROM tags WHERE tags.model = {model} AND tags.version = {version} AND tags.key = @";
            if (filter.Value is { } value)
            {
                conditions.Add($"EXISTS ({tags} AND tags.value = @)", filter.Key, value);
            }
            else
            {
                conditions.Add($"EXISTS ({tags})", filter.Key);
            }
        }

        return conditions;
    }

    private static TagFilter? Parse(string text)
    {
        string[] parts = text.Split('=', 2);
        return TagName.IsValid(parts[0]) && (parts.Length == 1 || (parts[1].Length <= TagView.MaximumValue && DisplayText.IsPlain(parts[1])))
            ? new(parts[0], parts.ElementAtOrDefault(1))
            : null;
    }
}
