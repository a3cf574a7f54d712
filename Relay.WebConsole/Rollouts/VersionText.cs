using System.Globalization;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Rollouts;

/// <summary>Versions as a person writes them: <c>model@version</c>, with spaces, commas or lines between them.</summary>
internal static class VersionText
{
    public const string Rule = "MODEL@VERSION, such as threat-classifier@5; several with spaces between them";

    private static readonly char[] Separators = [' ', ',', '\n', '\r', '\t'];

    /// <returns>Null where a part is no version.</returns>
    public static IReadOnlyList<ModelVersion>? Parse(string text)
    {
        List<ModelVersion> versions = [];
        foreach (string part in text.Split(Separators, StringSplitOptions.RemoveEmptyEntries))
        {
            int at = part.IndexOf('@', StringComparison.Ordinal);
            if (at < 1 || !int.TryParse(part.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int version))
            {
                return null;
            }

            versions.Add(new ModelVersion(part[..at], version));
        }

        return versions;
    }

    /// <summary>What a link with a version fills into a form.</summary>
    /// <param name="field">The field of the versions.</param>
    public static Dictionary<string, string> Read(PageRequest request, string field) =>
        request.Query("model") is { } model && request.Number("version") is { } version
            ? new() { [field] = Format([new ModelVersion(model, version)]) }
            : [];

    public static string Format(IEnumerable<ModelVersion> versions) =>
        string.Join(' ', versions.Select(version => string.Create(CultureInfo.InvariantCulture, $"{version.Name}@{version.Version}")));
}
