using System.Text.Json;
using System.Text.Json.Serialization;
using Relay.Server.Repository;
using Relay.Server.Storage;

namespace Relay.Server.Backups;

/// <summary>What a backup says of itself, in its first entry: a restore compares it with what it finds.</summary>
internal sealed record BackupDescription
{
    public const string EntryName = "backup.json";

    /// <summary>Backups of a higher format are refused.</summary>
    public const int LatestFormat = 1;

    private static readonly string[] Tables = ["models", "model_versions", "training_runs", "datasets", "nodes", "api_keys"];

    public int Format { get; init; } = LatestFormat;

    /// <summary>The version of the program that wrote it.</summary>
    public string Relay { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The schema of the database: an older relay cannot read a newer one.</summary>
    public long Schema { get; init; }

    /// <summary>Rows of the database, by table.</summary>
    public IReadOnlyDictionary<string, long> Rows { get; init; } = new Dictionary<string, long>();

    /// <summary>Versions of the current metadata, by role.</summary>
    public IReadOnlyDictionary<string, long> Metadata { get; init; } = new Dictionary<string, long>();

    /// <summary>The bytes that a restore needs; 0 in backups of earlier relays, which did not say.</summary>
    public long Bytes { get; init; }

    /// <summary>Describes a folder that no relay changes.</summary>
    /// <exception cref="InvalidDataException">The repository does not verify, or has no publication.</exception>
    /// <exception cref="System.Data.Common.DbException">The database cannot be read.</exception>
    public static BackupDescription Describe(string folder, string relay, DateTimeOffset createdAt)
    {
        (long schema, IReadOnlyDictionary<string, long> rows) = DatabaseCopy.Count(Path.Combine(folder, DataFolder.DatabaseName), Tables);
        RepositorySnapshot snapshot = RepositorySnapshot.Read(new RepositoryFiles(Path.Combine(folder, "repository"), new()), createdAt)
            ?? throw new InvalidDataException("The repository has no first publication: start the relay once.");
        return new()
        {
            Relay = relay,
            CreatedAt = createdAt,
            Schema = schema,
            Rows = rows,
            Metadata = RoleStatus.FromSnapshot(snapshot).ToDictionary(role => role.Role, role => role.Version, StringComparer.Ordinal),
        };
    }

    /// <exception cref="InvalidDataException">It is no description.</exception>
    public static BackupDescription Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, BackupJson.Default.BackupDescription) is { Rows: not null, Metadata: not null } read
                ? read
                : throw new InvalidDataException($"{EntryName} of the backup is damaged.");
        }
        catch (JsonException)
        {
            throw new InvalidDataException($"{EntryName} of the backup is damaged.");
        }
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, BackupJson.Default.BackupDescription);

    /// <summary>What of another description differs in contents; null when nothing does.</summary>
    public string? FindDifference(BackupDescription other) =>
        Schema != other.Schema ? $"schema {other.Schema} instead of {Schema}"
            : FindDifference(Rows, other.Rows) ?? FindDifference(Metadata, other.Metadata);

    private static string? FindDifference(IReadOnlyDictionary<string, long> expected, IReadOnlyDictionary<string, long> found) =>
        expected.Where(entry => found.GetValueOrDefault(entry.Key, -1) != entry.Value)
            .Select(entry => $"{entry.Key} {found.GetValueOrDefault(entry.Key)} instead of {entry.Value}")
            .FirstOrDefault();
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(BackupDescription))]
internal sealed partial class BackupJson : JsonSerializerContext;
