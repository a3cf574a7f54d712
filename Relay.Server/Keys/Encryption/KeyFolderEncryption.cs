using System.Security.Cryptography;
using System.Text;
using Shared.Platform.Files;

namespace Relay.Server.Keys.Encryption;

/// <summary>
/// Encrypts the keys of a folder, or decrypts them. First it is written down what is to be done, then each file is replaced as a whole, and a kill in
/// between leaves a folder whose keys can all be read: the next start, or the same command, finishes. Nothing is begun unless all keys can be
/// read, before and after.
/// </summary>
/// <param name="iterations">Of the derivation from the passphrase, for keys that are encrypted now.</param>
internal sealed class KeyFolderEncryption(string folder, DurableFiles files, int iterations = KeyPem.RelayIterations)
{
    /// <summary>Puts all keys under the passphrase of a file.</summary>
    /// <returns>The number of files with keys.</returns>
    /// <exception cref="InvalidDataException">A key or the passphrase cannot be read, or keys are under another passphrase.</exception>
    public int Encrypt(string passphraseFile)
    {
        (string path, string passphrase) = ReadOutside(passphraseFile);
        return Change(new() { PassphraseFile = path, Change = KeyFolderChange.Encrypting }, passphrase, passphrase);
    }

    /// <returns>The number of files with keys; null where they were not encrypted.</returns>
    /// <exception cref="InvalidDataException">A key or the passphrase cannot be read.</exception>
    public int? Decrypt() => KeyPassphrase.Find(folder) is { } before
        ? Change(before with { Change = KeyFolderChange.Decrypting }, before.Read(), null)
        : null;

    /// <summary>Finishes what a kill interrupted; else does nothing.</summary>
    /// <exception cref="InvalidDataException">A key or the passphrase cannot be read.</exception>
    public void Finish()
    {
        if (KeyPassphrase.Find(folder) is { Change: not KeyFolderChange.None } begun)
        {
            string passphrase = begun.Read();
            Change(begun, passphrase, begun.Change is KeyFolderChange.Encrypting ? passphrase : null);
        }
    }

    /// <summary>Looks for the passphrase elsewhere from now on, such as after a restore on another machine.</summary>
    /// <exception cref="InvalidDataException">The keys are not encrypted, or are under another passphrase, or lie beside it.</exception>
    public void Relocate(string passphraseFile)
    {
        (string path, string passphrase) = ReadOutside(passphraseFile);
        KeyPassphrase known = KeyPassphrase.Require(folder);
        foreach (string file in Files())
        {
            Open(File.ReadAllText(file), file, passphrase).Dispose();
        }

        if (known.PassphraseFile != path)
        {
            (known with { PassphraseFile = path }).Write(folder, files);
        }
    }

    private int Change(KeyPassphrase change, string passphrase, string? next)
    {
        (string Path, string? Text)[] converted = [.. Files().Select(path => (path, Convert(path, passphrase, next)))];
        change.Write(folder, files);
        foreach ((string path, string? text) in converted)
        {
            if (text is not null)
            {
                files.Replace(path, Encoding.UTF8.GetBytes(text), DurableFiles.OwnerFile);
            }
        }

        // What an interrupted write left would be a key in its former form.
        foreach (string left in Directory.GetFiles(folder).Where(IsLeft))
        {
            files.Delete(left);
        }

        if (next is null)
        {
            files.Delete(Path.Combine(folder, KeyPassphrase.FileName));
        }
        else
        {
            (change with { Change = KeyFolderChange.None }).Write(folder, files);
        }

        return converted.Length;
    }

    /// <returns>Null where the file has that form already.</returns>
    private string? Convert(string path, string passphrase, string? next)
    {
        string text = File.ReadAllText(path);
        using ECDsa key = Open(text, path, passphrase);
        if (KeyPem.IsEncrypted(text) == next is not null)
        {
            return null;
        }

        string converted = KeyPem.Replace(text, key, next, iterations);
        using ECDsa again = Open(converted, path, next);
        return again.ExportSubjectPublicKeyInfoPem() == key.ExportSubjectPublicKeyInfoPem()
            ? converted
            : throw new InvalidDataException($"The key of '{path}' could not be written in its other form. Nothing was changed.");
    }

    private static ECDsa Open(string text, string path, string? passphrase)
    {
        try
        {
            return KeyPem.Read(text, path, passphrase);
        }
        catch (CryptographicException damaged)
        {
            throw new InvalidDataException($"'{path}' is not a private key of the relay: {damaged.Message}. Nothing was changed.", damaged);
        }
    }

    /// <summary>The full path of a file with a passphrase, and the passphrase.</summary>
    /// <exception cref="InvalidDataException">The file has no passphrase, or lies beside the keys.</exception>
    private (string Path, string Passphrase) ReadOutside(string passphraseFile)
    {
        string path = Path.GetFullPath(passphraseFile);
        string passphrase = KeyPassphrase.ReadFile(path);
        string data = Path.GetDirectoryName(folder)!;
        return IsBelow(path, data)
            ? throw new InvalidDataException(
                $"'{path}' lies beside the keys that it protects, and a backup would have both: put it outside of '{data}'.")
            : (path, passphrase);
    }

    private IEnumerable<string> Files() => Directory.EnumerateFiles(folder, "*.pem")
        .Where(path => KeyPem.HasKey(File.ReadAllText(path)))
        .Order(StringComparer.Ordinal);

    // A pattern of a search would take the keys themselves: ".*" is also none.
    private static bool IsLeft(string path) =>
        path.EndsWith(".pem.new", StringComparison.Ordinal)
            || (path.EndsWith(".tmp", StringComparison.Ordinal) && Path.GetFileName(path).Contains(".pem.", StringComparison.Ordinal));

    private static bool IsBelow(string path, string folder) =>
        path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
