using System.Security.Cryptography;
using System.Text;
using Relay.Server.Keys.Encryption;
using Shared.Platform.Files;

namespace Relay.Server.Keys;

/// <summary>
/// A folder of private keys in PEM, mode 0700 with files of 0600. A file is named after its role, <c>snapshot.pem</c> or
/// <c>root-2.pem</c>: the root metadata says where it may be used, and the name only what it was made for.
/// </summary>
internal static class KeyFolder
{
    /// <summary>The keys by role; roles without a file are missing.</summary>
    /// <exception cref="InvalidDataException">A file is not a private key.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<RoleSigner>> Read(string folder)
    {
        Dictionary<string, IReadOnlyList<RoleSigner>> keys = new(StringComparer.Ordinal);
        foreach (IGrouping<string, string> role in Paths(folder).GroupBy(path => RoleOf(path)!))
        {
            keys.Add(role.Key, [.. role.Select(path => ReadFile(path))]);
        }

        return keys;
    }

    /// <summary>What the files of keys hold, as a digest: it costs less than to read the keys.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static byte[] Digest(string folder)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string path in Paths(folder))
        {
            hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(path)));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(path)));
        }

        return hash.GetHashAndReset();
    }

    /// <summary>The files of keys, in the order of their names.</summary>
    public static IReadOnlyList<string> Paths(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.pem").Where(path => RoleOf(path) is not null).Order(StringComparer.Ordinal)];

    /// <param name="passphraseFile">The file with the passphrase of an encrypted key; null: the one that the key's folder names.</param>
    /// <exception cref="InvalidDataException">It is not a private key on P-256, or its passphrase is missing or another one.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static RoleSigner ReadFile(string path, string? passphraseFile = null)
    {
        try
        {
            string text = File.ReadAllText(path, Encoding.ASCII);
            return RoleSigner.FromPem(
                text, path,
                !KeyPem.IsEncrypted(text) ? null
                : passphraseFile is not null ? KeyPassphrase.ReadFile(passphraseFile)
                : KeyPassphrase.ToRead(Path.GetDirectoryName(Path.GetFullPath(path))!));
        }
        catch (CryptographicException damaged)
        {
            throw new InvalidDataException($"'{path}' is not a private key that can sign metadata: {damaged.Message}", damaged);
        }
    }

    /// <summary>Makes a key in a file of this name, in a folder that no process reads yet.</summary>
    /// <param name="iterations">Of the derivation from the passphrase, where the folder has one.</param>
    public static RoleSigner Create(string folder, string name, DurableFiles files, int iterations = KeyPem.RelayIterations)
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        files.Write(
            Path.Combine(folder, name), Encoding.ASCII.GetBytes(KeyPem.Write(key, KeyPassphrase.ToWrite(folder), iterations) + "\n"),
            DurableFiles.OwnerFile);
        return new(key);
    }

    /// <summary>Gives a key its file among others, <c>snapshot-2.pem</c> for the second of a role: whole or not at all.</summary>
    public static void Add(string folder, string role, ECDsa key, DurableFiles files)
    {
        string path = Enumerable.Range(1, int.MaxValue)
            .Select(number => Path.Combine(folder, $"{role}-{number}.pem"))
            .First(candidate => !File.Exists(candidate));
        files.Write(path + ".new", Encoding.ASCII.GetBytes(KeyPem.Write(key, KeyPassphrase.ToWrite(folder)) + "\n"), DurableFiles.OwnerFile);
        files.Rename(path + ".new", path);
    }

    private static string? RoleOf(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        return RoleAssignments.RoleOrder.FirstOrDefault(role => name == role || name.StartsWith(role + "-", StringComparison.Ordinal));
    }
}
