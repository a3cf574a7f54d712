using System.Text.Json;
using System.Text.Json.Serialization;

namespace Relay.Server.Hosting.Inventory;

/// <summary>What a relay had when it last started: a later start that finds less stops instead of beginning anew.</summary>
internal sealed record RelayManifest
{
    /// <summary>Counts the manifests of this relay: of several copies, the highest is the newest.</summary>
    public long Sequence { get; init; }

    public IReadOnlyList<RelayPart> Parts { get; init; } = [];

    /// <summary>The number in the header of the database; 0: not known.</summary>
    public int Database { get; init; }

    /// <summary>What has the rows, by a name of <see cref="DatabaseEngine"/>; null: SQLite.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? Engine { get; init; }

    /// <summary>The highest number of a training run: an older copy of the database has a lower one.</summary>
    public long TrainingRuns { get; init; }

    /// <summary>SHA-256 of the first root of the repository.</summary>
    public string? FirstRoot { get; init; }

    /// <summary>Versions of the current metadata, by role: an older copy of the repository has lower ones.</summary>
    public IReadOnlyDictionary<string, long> Versions { get; init; } = new Dictionary<string, long>();

    /// <summary>SHA-256 of artifact files that are lost; an operator accepted that.</summary>
    public IReadOnlyList<string> AbandonedArtifacts { get; init; } = [];

    /// <summary>True from a restore to the next start: nodes may have seen higher versions than <see cref="Versions"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Restored { get; init; }

    /// <summary>What the metadata of each role but root must reach after a loss, before nodes believe it; 0 when all have.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long LowestVersion { get; init; }

    public bool Has(RelayPart part) => Parts.Contains(part);

    /// <summary>Null when the bytes are no manifest, as after a power cut on a damaged disk.</summary>
    public static RelayManifest? TryRead(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, RelayManifestJson.Default.RelayManifest) is
            {
                Parts: not null, Versions: not null,
                AbandonedArtifacts: not null
            } read
                ? read
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, RelayManifestJson.Default.RelayManifest);

    /// <summary>True when only the count differs.</summary>
    public bool SaysTheSameAs(RelayManifest other) =>
        (this with { Sequence = other.Sequence }).ToJson().AsSpan().SequenceEqual(other.ToJson());
}

/// <summary>The parts of a data folder that a start creates when they were never there, and misses when they were.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RelayPart>))]
internal enum RelayPart
{
    [JsonStringEnumMemberName("database")] Database,
    [JsonStringEnumMemberName("keys")] Keys,
    [JsonStringEnumMemberName("repository")] Repository,

    /// <summary>The relay's own authority for TLS.</summary>
    [JsonStringEnumMemberName("authority")] Authority,

    /// <summary>The file <c>signer.json</c>.</summary>
    [JsonStringEnumMemberName("signer")] SignerSettings,

    /// <summary>Files that the database refers to.</summary>
    [JsonStringEnumMemberName("artifacts")] Artifacts,
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(RelayManifest))]
internal sealed partial class RelayManifestJson : JsonSerializerContext;
