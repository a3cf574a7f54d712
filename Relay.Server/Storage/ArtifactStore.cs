using System.Security.Cryptography;
using Shared.Platform.Files;

namespace Relay.Server.Storage;

/// <summary>Content-addressed files, named by SHA-256. A file exists before any row refers to it, and never changes.</summary>
internal sealed class ArtifactStore(DataFolder folder)
{
    /// <returns>SHA-256 of the content, lower-case hexadecimal.</returns>
    public string Put(ReadOnlySpan<byte> content)
    {
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        if (!File.Exists(PathOf(sha256)))
        {
            new DurableFiles().Replace(PathOf(sha256), content);
        }

        return sha256;
    }

    public byte[] Read(string sha256) => File.ReadAllBytes(PathOf(sha256));

    public string PathOf(string sha256) => Path.Combine(folder.Artifacts, sha256);

    /// <summary>Removes the leftovers of a killed process: temporary files, and files that no row refers to.</summary>
    /// <returns>The number of removed files.</returns>
    public int RemoveAllBut(IReadOnlySet<string> referenced)
    {
        int removed = 0;
        foreach (string path in Directory.EnumerateFiles(folder.Artifacts))
        {
            if (!referenced.Contains(Path.GetFileName(path)))
            {
                File.Delete(path);
                removed++;
            }
        }

        return removed;
    }
}
