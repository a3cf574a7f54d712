using System.Globalization;

namespace Relay.AdminClient.Transport;

/// <summary>The query of a request: what is null is left out.</summary>
internal sealed class QueryText
{
    private readonly List<string> _parts = [];

    public QueryText Add(string name, string? value)
    {
        if (value is not null)
        {
            _parts.Add($"{name}={Uri.EscapeDataString(value)}");
        }

        return this;
    }

    public QueryText Add(string name, IReadOnlyList<string> values) => values.Aggregate(this, (query, value) => query.Add(name, value));

    public QueryText Add(string name, long? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public QueryText Add(string name, bool? value) => Add(name, value is { } flag ? flag ? "true" : "false" : null);

    public QueryText Add(string name, DateTimeOffset? value) =>
        Add(name, value?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture));

    public string ToPath(string path) =>
        _parts.Count == 0 ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{string.Join('&', _parts)}";
}
