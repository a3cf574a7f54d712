using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Relay.Server.Keys.Encryption;

namespace Relay.Server.Keys;

/// <summary>The private keys that lie in a key folder, read from every PEM file, under any name, and those that it names commands for.</summary>
/// <param name="Files">File name by TUF key id.</param>
/// <param name="CmsRootKey">The file with the private key of the CMS root; null where it is offline.</param>
/// <param name="Unreadable">Files that hold a private key which cannot be read, such as one under another passphrase.</param>
internal sealed record KeyInventory(
    IReadOnlyDictionary<string, string> Files, string? CmsRootKey, IReadOnlyList<string> Unreadable)
{
    private const string CmsRootFile = "cms-root.pem";

    public bool Holds(string keyId) => Files.ContainsKey(keyId);

    /// <summary>A folder that is not there holds none.</summary>
    public static KeyInventory Read(string folder)
    {
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        List<string> unreadable = [];
        string? cmsRootKey = null;
        string? cmsRoot = CmsRootPublicKey(Path.Combine(folder, CmsRootFile));
        string[] paths = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.pem") : [];
        foreach (string path in paths.Order(StringComparer.Ordinal))
        {
            string pem = File.ReadAllText(path);
            if (!KeyPem.HasKey(pem))
            {
                continue;
            }

            string name = Path.GetFileName(path);
            try
            {
                using RoleSigner signer = new(KeyPem.Read(pem, path, KeyPem.IsEncrypted(pem) ? KeyPassphrase.ToRead(folder) : null));
                files[signer.KeyId] = name;
                cmsRootKey ??= signer.Public.PublicText == cmsRoot ? name : null;
            }
            catch (Exception damaged) when (damaged is CryptographicException or InvalidDataException)
            {
                unreadable.Add(name);
            }
        }

        foreach (string path in KeyFolder.CommandPaths(folder))
        {
            string name = Path.GetFileName(path);
            try
            {
                files[KeyFolder.ReadId(path)] = name;
            }
            catch (CryptographicException)
            {
                unreadable.Add(name);
            }
        }

        return new(files, cmsRootKey, unreadable);
    }

    private static string? CmsRootPublicKey(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using X509Certificate2 root = X509CertificateLoader.LoadCertificateFromFile(path);
            using ECDsa? key = root.GetECDsaPublicKey();
            return key?.ExportSubjectPublicKeyInfoPem();
        }
        catch (CryptographicException)
        {
            // A damaged certificate has no key to compare with; the start of the relay names it.
            return null;
        }
    }
}
