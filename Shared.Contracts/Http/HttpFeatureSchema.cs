using Shared.Contracts.Models;

namespace Shared.Contracts.Http;

/// <summary>The 29 features of an HTTP request, in the order of the vector.</summary>
public static class HttpFeatureSchema
{
    public const int Count = 29;

    /// <summary>The class of a benign request.</summary>
    public const string Benign = "safe";

    /// <summary>The classes of the threat classifier, the benign one first.</summary>
    public static IReadOnlyList<string> Classes { get; } =
    [
        Benign, "sql_injection", "xss", "ddos", "brute_force", "port_scan", "directory_traversal", "command_injection",
    ];

    /// <summary>Feature names; the model's graph has one input of each name.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "ip_octet_1", "ip_octet_2", "ip_octet_3", "ip_octet_4",
        "requests_5m", "failed_logins_30m",
        "target_length", "user_agent_length",
        "path_digits", "path_specials", "path_uppers", "path_lowers", "path_spaces",
        "query_parameters", "method",
        "utc_hour", "weekday",
        "seconds_since_first", "seconds_since_last", "interval_variance",
        "header_count", "forwarding_headers", "user_agent_missing", "script_headers", "newline_headers", "is_forwarded",
        "reserved_geo_1", "reserved_geo_2",
        "fingerprint_addresses",
    ];

    /// <summary>True for the features that are reserved for geography: they are always 0, and models ignore them.</summary>
    public static bool IsReserved(string name) => name.StartsWith("reserved_", StringComparison.Ordinal);

    /// <summary>The features as columns of a spec.</summary>
    public static IEnumerable<ColumnSpec> Columns => Names.Select(n => new ColumnSpec(n, ColumnType.Number));
}
