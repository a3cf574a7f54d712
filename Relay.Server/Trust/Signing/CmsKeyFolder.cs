using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Relay.Server.Trust.Signing;

/// <summary>
/// The certificates and keys of model signatures in the key folder: the root that nodes pin, and a signer under it with its key in the
/// same file, so that one rename replaces both. The root's key is needed only to issue signers; the signer's file is not needed where
/// <c>signer.json</c> names another.
/// </summary>
internal static class CmsKeyFolder
{
    private const string RootFile = "cms-root.pem";
    private const string RootKeyFile = "cms-root-key.pem";
    private const string SignerFile = "cms-signer.pem";

    public static void Create(string folder, DateTimeOffset now, DurableFiles files)
    {
        using ECDsa rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 root = CmsAuthority.CreateRoot(rootKey, now);
        Write(folder, RootFile, root.ExportCertificatePem(), files);
        Write(folder, RootKeyFile, rootKey.ExportPkcs8PrivateKeyPem(), files);
        WriteSigner(folder, root, rootKey, now, files);
    }

    /// <summary>Moves the root's key to another folder, with a copy of the certificate.</summary>
    public static void TakeOffline(string folder, string offline, DurableFiles files)
    {
        Write(offline, RootFile, Text(folder, RootFile).TrimEnd(), files);
        files.Rename(Path.Combine(folder, RootKeyFile), Path.Combine(offline, RootKeyFile));
    }

    /// <summary>Issues a new signer, with a new key, when half of the present one's time is over and the root's key is here.
    /// What the present one signed stays valid: its certificate is in the signatures.</summary>
    public static void RenewDueSigner(string folder, DateTimeOffset now, DurableFiles files)
    {
        if (!Holds(folder, RootKeyFile) || !Holds(folder, SignerFile))
        {
            return;
        }

        using X509Certificate2 signer = X509Certificate2.CreateFromPem(Text(folder, SignerFile));
        if (now < CmsAuthority.RenewalOf(signer))
        {
            return;
        }

        using X509Certificate2 root = X509Certificate2.CreateFromPem(Text(folder, RootFile));
        using ECDsa rootKey = ECDsa.Create();
        rootKey.ImportFromPem(Text(folder, RootKeyFile));
        WriteSigner(folder, root, rootKey, now, files);
    }

    /// <summary>The certificate that nodes pin, without its key.</summary>
    public static X509Certificate2 ReadRoot(string folder) => X509Certificate2.CreateFromPem(Text(folder, RootFile));

    /// <summary>The signer with its key; null when it is kept elsewhere.</summary>
    public static X509Certificate2? ReadSigner(string folder) => Holds(folder, SignerFile)
        ? X509Certificate2.CreateFromPem(Text(folder, SignerFile), Text(folder, SignerFile))
        : null;

    private static void WriteSigner(string folder, X509Certificate2 root, ECDsa rootKey, DateTimeOffset now, DurableFiles files)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 signer = CmsAuthority.IssueSigner(root, rootKey, new PublicKey(key), now);
        Write(folder, SignerFile, $"{signer.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}", files);
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
