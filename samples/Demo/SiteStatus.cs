using System.Text.Json.Serialization;
using Shared.Contracts.Api;

namespace Demo;

/// <summary>The state of the protected site's node, as served at <c>/relay/status</c>.</summary>
/// <param name="Active">What answers; null before the first version.</param>
/// <param name="Quarantined">Versions that the node will not try again.</param>
/// <param name="Refusals">The last ones, oldest first.</param>
internal sealed record SiteStatus(
    SiteActive? Active, IReadOnlyList<int> Quarantined, IReadOnlyList<RefusalReport> Refusals, SitePredictions Predictions);

internal sealed record SiteActive(int Version, int Release, string Sha256);

/// <param name="Failed">Calls that threw.</param>
/// <param name="Mixed">Answers that differ in some bit from those of the version that they name.</param>
internal sealed record SitePredictions(long Total, long Failed, long Mixed, IReadOnlyDictionary<int, long> ByVersion);

internal sealed record SiteLoad(int Threads);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SiteStatus))]
[JsonSerializable(typeof(SiteLoad))]
[JsonSerializable(typeof(DemoReport))]
[JsonSerializable(typeof(DemoFailure))]
internal sealed partial class DemoJson : JsonSerializerContext;
