using Shared.Contracts.Tuf;

namespace TufConformance;

/// <summary>The folder in which the suite looks for what the client trusts: one file per role, root without its version.</summary>
internal static class PublicMetadata
{
    private static readonly string RootFile = MetadataPaths.Unversioned(RoleNames.Root);

    /// <summary>Makes the folder show what the node's store holds, and nothing that it does not hold any more.</summary>
    public static void Show(string store, byte[] root, string folder)
    {
        foreach (string old in Directory.EnumerateFiles(folder, "*.json").Where(f => !File.Exists(Path.Combine(store, Path.GetFileName(f)))))
        {
            File.Delete(old);
        }

        foreach (string file in Directory.EnumerateFiles(store, "*.json").Where(f => !IsVersionedRoot(f)))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }

        WriteRoot(folder, root);
    }

    public static void WriteRoot(string folder, byte[] root) => File.WriteAllBytes(Path.Combine(folder, RootFile), root);

    private static bool IsVersionedRoot(string file) =>
        Path.GetFileName(file) is var name && name.EndsWith($".{RootFile}", StringComparison.Ordinal) && char.IsAsciiDigit(name[0]);
}
