using System.Data.Common;
using Dapper;

namespace Relay.Server.Models.Annotations;

/// <summary>Reads the tags of what a list shows, in one query.</summary>
internal static class TagTable
{
    /// <summary>The version of a tag or note of the model itself.</summary>
    public const int OfModel = 0;

    private static readonly Dictionary<string, string> None = [];

    /// <summary>The tags of models, by their names.</summary>
    public static Func<string, IReadOnlyDictionary<string, string>> ReadModels(DbConnection connection, IReadOnlyCollection<string> models) =>
        models.Count == 0
            ? _ => None
            : Group(connection.Query<(string, string, string)>(
                "SELECT model, key, value FROM tags WHERE version = @OfModel AND model IN @models ORDER BY key", new { OfModel, models }));

    /// <summary>The tags of versions of a model, by their numbers.</summary>
    public static Func<int, IReadOnlyDictionary<string, string>> ReadVersions(
        DbConnection connection, string model, IReadOnlyCollection<int> versions) =>
        versions.Count == 0
            ? _ => None
            : Group(connection.Query<(int, string, string)>(
                "SELECT version, key, value FROM tags WHERE model = @model AND version IN @versions ORDER BY key", new { model, versions }));

    private static Func<T, IReadOnlyDictionary<string, string>> Group<T>(IEnumerable<(T Subject, string Key, string Value)> rows)
        where T : notnull
    {
        Dictionary<T, Dictionary<string, string>> tags = [];
        foreach ((T subject, string key, string value) in rows)
        {
            if (!tags.TryGetValue(subject, out Dictionary<string, string>? found))
            {
                tags[subject] = found = [];
            }

            found[key] = value;
        }

        return subject => tags.GetValueOrDefault(subject, None);
    }
}
