using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Relay.Server.Keys;

/// <summary>The private keys that lie in a key folder, read from every PEM file, under any name.</summary>
/// <param name="Files">File name by TUF key id.</param>
/// <param name="CmsRootKey">The file with the private key of the CMS root; null where it is offline.</param>
/// <param name="Unreadable">Files that hold a private key which cannot be read, such as one under a pass phrase.</param>
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
            if (!pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
            {
                continue;
            }

            string name = Path.GetFileName(path);
            try
            {
                using RoleSigner signer = new(Import(PrivateKeyOf(pem)));
                files[signer.KeyId] = name;
                cmsRootKey ??= signer.Public.PublicText == cmsRoot ? name : null;
            }
            catch (Exception damaged) when (damaged is CryptographicException or ArgumentException)
            {
                unreadable.Add(name);
            }
        }

        return new(files, cmsRootKey, unreadable);
    }

    // A file may hold a certificate beside its key, as the signer's does; only the key is looked at.
    private static string PrivateKeyOf(string pem)
    {
        ReadOnlySpan<char> rest = pem;
        while (PemEncoding.TryFind(rest, out PemFields fields))
        {
            if (rest[fields.Label].EndsWith("PRIVATE KEY", StringComparison.Ordinal))
            {
                return rest[fields.Location].ToString();
            }

            rest = rest[fields.Location.End..];
        }

        return pem;
    }

    private static ECDsa Import(string pem)
    {
        ECDsa key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw;
        }
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
