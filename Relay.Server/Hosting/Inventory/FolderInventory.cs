using Relay.Server.Repository;
using Relay.Server.Storage;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Hosting.Inventory;

/// <summary>What a start finds in its data folder, before it creates or changes anything.</summary>
internal sealed record FolderInventory
{
    /// <summary>Null when the database is missing or empty.</summary>
    public DatabaseState? Database { get; init; }

    /// <summary>What messages call it.</summary>
    public string DatabaseName { get; init; } = $"the database {DataFolder.DatabaseName}";

    public bool HasKeys { get; init; }

    /// <summary>Null when nothing is published, or the repository does not verify.</summary>
    public RepositorySnapshot? Repository { get; init; }

    /// <summary>Why the repository does not verify; null when it does, or nothing is published.</summary>
    public string? RepositoryDamage { get; init; }

    /// <summary>SHA-256 of the first root; null when it is not there.</summary>
    public string? FirstRoot { get; init; }

    /// <summary>Metadata that a repository has before its first publication is complete.</summary>
    public bool HasMetadata { get; init; }

    /// <summary>The file that a start writes when the first publication is complete.</summary>
    public bool HasTrustedRoot { get; init; }

    /// <summary>The key of the relay's own authority for TLS.</summary>
    public bool HasAuthority { get; init; }

    /// <summary>Files that come from that authority, and are made after its key.</summary>
    public bool HasFilesOfAuthority { get; init; }

    public bool HasSignerSettings { get; init; }

    public bool HasArtifacts { get; init; }

    /// <summary>True when a start was completed in this folder before.</summary>
    public bool WasStarted => HasTrustedRoot || Repository is not null || Database is { HasApiKeys: true };

    /// <exception cref="System.Data.Common.DbException">The database cannot be used, for another reason than damage.</exception>
    /// <exception cref="IOException">A file is there and cannot be read.</exception>
    public static FolderInventory Read(DataFolder folder, DateTimeOffset now)
    {
        RepositoryFiles files = new(folder.Repository, new DurableFiles());
        (RepositorySnapshot? repository, string? damage) = ReadRepository(files, now);
        return new()
        {
            Database = RelayDatabase.Inspect(folder),
            DatabaseName = DatabaseNames.Find(folder),
            HasKeys = Directory.Exists(folder.Keys) && Directory.EnumerateFiles(folder.Keys, "*.pem").Any(),
            Repository = repository,
            RepositoryDamage = damage,
            FirstRoot = files.ReadMetadata(MetadataPaths.Versioned(RoleNames.Root, 1)) is { } root ? FileHashes.Compute(root).Sha256 : null,
            HasMetadata = files.HasMetadata(),
            HasTrustedRoot = File.Exists(folder.TrustedRoot),
            HasAuthority = File.Exists(folder.AuthorityKey),
            HasFilesOfAuthority = File.Exists(folder.AuthorityCertificate) || File.Exists(folder.ServerKey),
            HasSignerSettings = File.Exists(folder.SignerSettings),
            HasArtifacts = Directory.EnumerateFiles(folder.Artifacts).Any(),
        };
    }

    private static (RepositorySnapshot? Snapshot, string? Damage) ReadRepository(RepositoryFiles files, DateTimeOffset now)
    {
        try
        {
            return (RepositorySnapshot.Read(files, now), null);
        }
        catch (InvalidDataException damaged)
        {
            return (null, damaged.Message);
        }
    }
}
