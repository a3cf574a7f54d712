using System.Security.Cryptography;
using System.Text;
using Relay.Server.Keys.Encryption;
using Relay.Server.Keys.Signers;
using Shared.Platform.Files;

namespace Relay.Server.Keys;

/// <summary>
/// A folder of private keys in PEM, mode 0700 with files of 0600. A file is named after its role, <c>snapshot.pem</c> or
/// <c>root-2.pem</c>: the root metadata says where it may be used, and the name only what it was made for. Where a command signs, such as for
/// an HSM, the file is <c>snapshot.signer.json</c>.
/// </summary>
internal static class KeyFolder
{
    /// <summary>The keys by role; roles without a file are missing.</summary>
    /// <exception cref="InvalidDataException">A file is not a private key.</exception>
    /// <exception cref="SigningException">A command cannot sign.</exception>
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
        [.. Directory.EnumerateFiles(folder).Where(path => RoleOf(path) is not null).Order(StringComparer.Ordinal)];

    /// <summary>The files that name commands, in the order of their names; none for a folder that is not there.</summary>
    public static IReadOnlyList<string> CommandPaths(string folder) =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*" + CommandKey.FileEnding).Order(StringComparer.Ordinal)] : [];

    /// <param name="passphraseFile">The file with the passphrase of an encrypted key; null: the one that the key's folder names.</param>
    /// <exception cref="InvalidDataException">It is not a private key on P-256, or its passphrase is missing or another one.</exception>
    /// <exception cref="SigningException">It names a command that cannot sign.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static RoleSigner ReadFile(string path, string? passphraseFile = null) =>
        Read(path, () => RoleSigner.Test(OpenFile(path, passphraseFile)));

    /// <summary>The id of a key, without a signature: no command runs.</summary>
    /// <exception cref="InvalidDataException">It is not a private key on P-256, or its passphrase is missing or another one.</exception>
    /// <exception cref="SigningException">It names a command, and no public key that can be read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string ReadId(string path) => Read(path, () =>
    {
        using RoleSigner signer = new(OpenFile(path));
        return signer.KeyId;
    });

    /// <summary>The key of a PEM file, or of a file that names the command which signs with it.</summary>
    /// <exception cref="InvalidDataException">The passphrase is missing, another one, or given for a command.</exception>
    /// <exception cref="CryptographicException">The file has no such key.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ECDsa OpenFile(string path, string? passphraseFile = null)
    {
        string text = File.ReadAllText(path, Encoding.ASCII);
        return CommandKey.IsSettings(text)
            ? passphraseFile is null
                ? CommandKey.Open(path)
                : throw new InvalidDataException($"--key-passphrase-file is for an encrypted PEM file, and '{path}' names a command: leave it out.")
            : KeyPem.Read(
                text, path,
                !KeyPem.IsEncrypted(text) ? null
                : passphraseFile is not null ? KeyPassphrase.ReadFile(passphraseFile)
                : KeyPassphrase.ToRead(Path.GetDirectoryName(Path.GetFullPath(path))!));
    }

    private static T Read<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SigningException unreachable)
        {
            throw new SigningException($"The key of '{path}' cannot sign. {unreachable.Message}", unreachable);
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
        string file = Path.GetFileName(path);
        string? name = file.EndsWith(CommandKey.FileEnding, StringComparison.Ordinal) ? file[..^CommandKey.FileEnding.Length]
            : file.EndsWith(".pem", StringComparison.Ordinal) && !file.EndsWith(".pub.pem", StringComparison.Ordinal) ? file[..^".pem".Length]
            : null;
        return name is null ? null
            : RoleAssignments.RoleOrder.FirstOrDefault(role => name == role || name.StartsWith(role + "-", StringComparison.Ordinal));
    }
}
