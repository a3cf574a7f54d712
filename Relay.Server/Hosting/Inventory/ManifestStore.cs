using Relay.Server.Storage;
using Shared.Platform.Files;

namespace Relay.Server.Hosting.Inventory;

/// <summary>The manifest, kept beside the database, beside the keys and beside the repository: the loss of one of these folders must not
/// take the memory of it along.</summary>
internal sealed class ManifestStore(DataFolder folder)
{
    /// <summary>The newest copy; null when there is none that can be read.</summary>
    /// <exception cref="IOException">A copy is there and cannot be read.</exception>
    public RelayManifest? Read() => Folders()
        .Select(place => Path.Combine(place, DataFolder.ManifestName))
        .Where(File.Exists)
        .Select(path => RelayManifest.TryRead(File.ReadAllBytes(path)))
        .OfType<RelayManifest>()
        .MaxBy(manifest => manifest.Sequence);

    /// <summary>Writes the manifest to each folder that lacks it.</summary>
    public void Write(RelayManifest manifest)
    {
        byte[] json = manifest.ToJson();
        foreach (string path in Folders().Where(Directory.Exists).Select(place => Path.Combine(place, DataFolder.ManifestName)))
        {
            if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(json))
            {
                new DurableFiles().Replace(path, json, DurableFiles.OwnerFile);
            }
        }
    }

    private string[] Folders() => [folder.Root, folder.Keys, folder.Repository];
}
