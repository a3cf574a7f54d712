using Relay.TestKit;

namespace Relay.Architecture.Tests;

/// <summary>The projects of the product, and which others each may reference: references run one way, and a node never sees server or
/// training code.</summary>
internal static class ProductProjects
{
    public static IReadOnlyDictionary<string, string[]> AllowedReferences { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Shared.Columnar"] = [],
        ["Shared.Contracts"] = [],
        ["Shared.Platform"] = [],
        ["Shared.Scoring"] = ["Shared.Contracts", "Shared.Platform"],
        ["Relay.AdminClient"] = ["Shared.Contracts"],
        ["Relay.Cards"] = ["Shared.Contracts"],
        ["Relay.WebConsole"] = ["Shared.Contracts", "Relay.AdminClient", "Relay.Cards"],
        ["Relay.Training"] = ["Shared.Columnar", "Shared.Contracts", "Shared.Platform", "Shared.Scoring"],
        ["Relay.Server"] =
        [
            "Shared.Contracts", "Shared.Platform", "Shared.Scoring", "Relay.Training", "Relay.AdminClient", "Relay.Cards", "Relay.WebConsole",
        ],
        ["Sync.Client"] = ["Shared.Contracts", "Shared.Platform", "Shared.Scoring", "Sync.Client.Generators"],
        ["Sync.Client.AspNetCore"] = ["Shared.Contracts", "Sync.Client"],
        ["Sync.Client.Generators"] = [],
        ["Sync.Client.OnnxRuntime"] = ["Shared.Contracts", "Shared.Platform", "Shared.Scoring", "Sync.Client"],
        ["Sync.Node"] = ["Shared.Columnar", "Shared.Contracts", "Shared.Platform", "Shared.Scoring", "Sync.Client", "Sync.Client.OnnxRuntime"],
        ["Sync.Native"] = ["Shared.Contracts", "Shared.Platform", "Shared.Scoring", "Sync.Client"],
    };

    /// <summary>The packages that read files of columns, and the projects that may reference each: apps with a node of their own carry none of
    /// them (ADR 37).</summary>
    public static IReadOnlyDictionary<string, string[]> ColumnarPackages { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Apache.Arrow"] = ["Relay.Training"],
        ["Parquet.Net"] = ["Relay.Training", "Shared.Columnar", "Sync.Node"],
    };

    /// <summary>The projects of the checkout.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. AllowedReferences.Keys.Where(name => File.Exists(RepositoryRoot.Combine(name, name + ".csproj")))];

    /// <summary>For theories.</summary>
    public static TheoryData<string> Names => [.. All];
}
