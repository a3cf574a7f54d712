using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Shared.Contracts.Json;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository.Pending;

/// <summary>A summary of a pending publication for people who open its folder; the metadata beside it is what is signed.</summary>
internal sealed record PendingSummary(
    string Id, DateTimeOffset CreatedAt, long Version, IReadOnlyList<PendingSummaryFile> Files, IReadOnlyList<string> Channels)
{
    private const int DigestCharacters = 12;

    /// <summary>True where the operator said that a channel gets a model with another schema.</summary>
    public bool AcceptsSchemaChange { get; init; }

    /// <summary>The id of the API key that asked for it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ProposedBy { get; init; }

    public static PendingSummary Create(UntrustedMetadata metadata, RepositoryChange change, DateTimeOffset now) => new(
        CreateId(metadata), now, metadata.Metadata.Version,
        [.. change.Content.Select(entry => new PendingSummaryFile(entry.File.Path, entry.File.Length, entry.File.Sha256!))],
        [.. change.ChangedChannels.Select(channel => channel.Channel)])
    {
        AcceptsSchemaChange = change.AcceptsSchemaChange,
        ProposedBy = change.ProposedBy,
    };

    public static string CreateId(UntrustedMetadata metadata) => string.Create(
        CultureInfo.InvariantCulture,
        $"{metadata.Metadata.Version}-{FileHashes.Compute(metadata.SignedBytes.Span).Sha256![..DigestCharacters]}");

    public static PendingSummary Read(byte[] json) => JsonSerializer.Deserialize(json, PendingJson.Default.PendingSummary)
        ?? throw new InvalidDataException("The summary of a pending publication is empty.");

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, PendingJson.Default.PendingSummary);
}

internal sealed record PendingSummaryFile(string Path, long Length, string Sha256);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(PendingSummary))]
internal sealed partial class PendingJson : JsonSerializerContext;
