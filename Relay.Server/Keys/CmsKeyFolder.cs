using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Relay.Server.Keys.Encryption;
using Shared.Platform.Files;

namespace Relay.Server.Keys;

/// <summary>
/// The certificates and keys of model signatures in the key folder: the root that nodes pin, and a signer under it with its key in the
/// same file, so that one rename replaces both. The root's key is needed only to issue signers; the signer's file is not needed where
/// <c>signer.json</c> names another. During a rotation of the root, the file of the root has both, the new one first: nodes
/// pin all roots that it has.
/// </summary>
internal static class CmsKeyFolder
{
    private const string RootFile = "cms-root.pem";
    private const string RootKeyFile = "cms-root-key.pem";
    private const string NextRootKeyFile = "cms-root-key.next.pem";
    private const string SignerFile = "cms-signer.pem";

    /// <summary>Makes a root, its key and a signer, all in the folder of a relay.</summary>
    public static void Create(string folder, DateTimeOffset now, DurableFiles files) =>
        Create(folder, folder, KeyPassphrase.ToWrite(folder), now, files, iterations: KeyPem.RelayIterations);

    /// <summary>Makes a root and a signer, and the root's key in another folder, with a copy of the root.</summary>
    /// <param name="passphrase">Of the root's key; null: it is not encrypted.</param>
    /// <param name="given">The root's key, which stays where it is; null: one is made.</param>
    public static void Create(
        string folder, string offline, string? passphrase, DateTimeOffset now, DurableFiles files, ECDsa? given = null,
        int iterations = KeyPem.OfflineIterations)
    {
        using ECDsa? made = given is null ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : null;
        ECDsa rootKey = given ?? made!;
        using X509Certificate2 root = CmsAuthority.CreateRoot(rootKey, now);
        Write(folder, RootFile, root.ExportCertificatePem(), files);
        if (offline != folder)
        {
            Write(offline, RootFile, root.ExportCertificatePem(), files);
        }

        if (made is not null)
        {
            Write(offline, RootKeyFile, KeyPem.Write(made, passphrase, iterations), files);
        }

        WriteSigner(folder, root, rootKey, now, files);
    }

    /// <summary>Issues a new signer, with a new key, when half of the present one's time is over and the root's key is here.
    /// What the present one signed stays valid: its certificate is in the signatures.</summary>
    public static void RenewDueSigner(string folder, DateTimeOffset now, DurableFiles files)
    {
        FinishRotation(folder, now, files);
        if (!HoldsRootKey(folder) || !Holds(folder, SignerFile))
        {
            return;
        }

        using X509Certificate2 signer = X509Certificate2.CreateFromPem(Text(folder, SignerFile));
        if (now >= CmsAuthority.RenewalOf(signer))
        {
            IssueSigner(folder, now, files);
        }
    }

    /// <summary>True when signers can be issued here.</summary>
    public static bool HoldsRootKey(string folder) => Holds(folder, RootKeyFile) && IsKeyOfRoot(folder, RootKeyFile);

    public static bool HoldsSigner(string folder) => Holds(folder, SignerFile);

    /// <summary>A new signer, with a new key, in place of the present one.</summary>
    public static void IssueSigner(string folder, DateTimeOffset now, DurableFiles files)
    {
        using X509Certificate2 root = ReadRoot(folder);
        using ECDsa rootKey = Key(folder, RootKeyFile);
        WriteSigner(folder, root, rootKey, now, files);
    }

    /// <summary>Makes the next root here, which nodes pin beside the present ones, and a signer under it.</summary>
    public static void RotateRoot(string folder, DateTimeOffset now, DurableFiles files)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 root = CmsAuthority.CreateRoot(key, now);
        Write(folder, NextRootKeyFile, KeyPem.Write(key, KeyPassphrase.ToWrite(folder)), files);
        AddRoot(folder, root, files);
        FinishRotation(folder, now, files);
    }

    /// <summary>Takes a root that was made elsewhere, and the signer that lies beside it, if one does.</summary>
    public static void RotateRoot(string folder, string from, DurableFiles files)
    {
        using X509Certificate2 root = ReadRoot(from);
        AddRoot(folder, root, files);
        if (Holds(from, SignerFile))
        {
            // Each folder has its own passphrase, or none.
            using ECDsa key = Key(from, SignerFile);
            Write(folder, SignerFile, KeyPem.Replace(Text(from, SignerFile).TrimEnd(), key, KeyPassphrase.ToWrite(folder)), files);
        }

        if (Holds(folder, RootKeyFile) && !IsKeyOfRoot(folder, RootKeyFile))
        {
            files.Delete(Path.Combine(folder, RootKeyFile));
        }
    }

    /// <summary>Keeps the newest root only.</summary>
    public static void DropOldRoots(string folder, DurableFiles files)
    {
        using X509Certificate2 newest = ReadRoot(folder);
        Write(folder, RootFile, newest.ExportCertificatePem(), files);
    }

    /// <summary>Finishes an interrupted <see cref="RotateRoot(string, DateTimeOffset, DurableFiles)"/>; else does nothing.</summary>
    private static void FinishRotation(string folder, DateTimeOffset now, DurableFiles files)
    {
        if (!Holds(folder, NextRootKeyFile))
        {
            return;
        }

        if (!IsKeyOfRoot(folder, NextRootKeyFile))
        {
            // Its certificate was never written: nothing can refer to this key.
            files.Delete(Path.Combine(folder, NextRootKeyFile));
            return;
        }

        if (Holds(folder, SignerFile))
        {
            using X509Certificate2 root = ReadRoot(folder);
            using ECDsa key = Key(folder, NextRootKeyFile);
            WriteSigner(folder, root, key, now, files);
        }

        files.Rename(Path.Combine(folder, NextRootKeyFile), Path.Combine(folder, RootKeyFile));
    }

    private static void AddRoot(string folder, X509Certificate2 root, DurableFiles files) => Write(
        folder, RootFile, string.Join('\n', ReadRoots(folder).Prepend(root).Select(certificate => certificate.ExportCertificatePem())), files);

    private static bool IsKeyOfRoot(string folder, string keyFile)
    {
        using X509Certificate2 root = ReadRoot(folder);
        using ECDsa? certified = root.GetECDsaPublicKey();
        using ECDsa key = Key(folder, keyFile);
        return certified?.ExportSubjectPublicKeyInfoPem() == key.ExportSubjectPublicKeyInfoPem();
    }

    private static ECDsa Key(string folder, string file)
    {
        string text = Text(folder, file);
        return KeyPem.Read(text, Path.Combine(folder, file), KeyPem.IsEncrypted(text) ? KeyPassphrase.ToRead(folder) : null);
    }

    /// <summary>All certificates that nodes pin, without keys, the newest first.</summary>
    public static X509Certificate2Collection ReadRoots(string folder)
    {
        X509Certificate2Collection roots = [];
        roots.ImportFromPem(Text(folder, RootFile));
        return roots;
    }

    /// <summary>The newest certificate that nodes pin, without its key.</summary>
    public static X509Certificate2 ReadRoot(string folder) => X509Certificate2.CreateFromPem(Text(folder, RootFile));

    /// <summary>The signer with its key; null when it is kept elsewhere.</summary>
    public static X509Certificate2? ReadSigner(string folder)
    {
        if (!Holds(folder, SignerFile))
        {
            return null;
        }

        string text = Text(folder, SignerFile);
        using ECDsa key = Key(folder, SignerFile);
        return X509Certificate2.CreateFromPem(text, KeyPem.Write(key, null));
    }

    private static void WriteSigner(string folder, X509Certificate2 root, ECDsa rootKey, DateTimeOffset now, DurableFiles files)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 signer = CmsAuthority.IssueSigner(root, rootKey, new PublicKey(key), now);
        Write(folder, SignerFile, $"{signer.ExportCertificatePem()}\n{KeyPem.Write(key, KeyPassphrase.ToWrite(folder))}", files);
    }

    private static void Write(string folder, string name, string pem, DurableFiles files)
    {
        string path = Path.Combine(folder, name);
        files.Write(path + ".new", Encoding.ASCII.GetBytes(pem + "\n"), DurableFiles.OwnerFile);
        files.Rename(path + ".new", path);
    }

    private static bool Holds(string folder, string name) => File.Exists(Path.Combine(folder, name));

    private static string Text(string folder, string name) => File.ReadAllText(Path.Combine(folder, name), Encoding.ASCII);
}
