using Relay.Server.Repository;
using Relay.Server.Storage;
using Shared.Contracts;
using Shared.Contracts.Tuf;

namespace Relay.Server.ObjectStore.Copying;

/// <summary>The repository in the data folder, as what is to be copied.</summary>
internal sealed class PublishedFolder(string folder, IntactFiles intact)
{
    public const string TimestampPath = $"{RepositoryFiles.MetadataFolder}/{MetadataPaths.Timestamp}";

    /// <summary>Each file that is published under its name once, with its length, by its path below the folder.</summary>
    public IReadOnlyDictionary<string, long> ListImmutable()
    {
        Dictionary<string, long> files = new(StringComparer.Ordinal);
        foreach (string part in (string[])[RepositoryFiles.MetadataFolder, RepositoryFiles.TargetsFolder])
        {
            DirectoryInfo below = new(Path.Combine(folder, part));
            foreach (FileInfo file in below.Exists ? below.EnumerateFiles("*", SearchOption.AllDirectories) : [])
            {
                string path = Path.GetRelativePath(folder, file.FullName).Replace('\\', '/');
                if (PublishedNames.IsImmutable(path))
                {
                    files[path] = file.Length;
                }
            }
        }

        return files;
    }

    /// <summary>The timestamp with its version.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public (byte[] Content, long Version) ReadTimestamp()
    {
        byte[] content = File.ReadAllBytes(PathOf(TimestampPath));
        return UntrustedMetadata.Read(content).ValueOrThrow().Metadata is TimestampMetadata timestamp
            ? (content, timestamp.Version)
            : throw new InvalidDataException("The repository's timestamp.json is metadata of another role.");
    }

    /// <summary>Null where the file was removed meanwhile.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public IntactFile? Find(string path) => intact.Find(PathOf(path));

    public Stream Open(string path) => new FileStream(PathOf(path), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);

    private string PathOf(string path) => Path.Combine([folder, .. path.Split('/')]);
}
