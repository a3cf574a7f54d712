using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Shared.Contracts.Cms;

namespace Relay.Server.Keys;

/// <summary>The certificate authority of model signatures: makes a root that nodes pin, and signers under it.</summary>
internal static class CmsAuthority
{
    private const int RootYears = 20;
    private const int SignerYears = 10;

    // A node whose clock is a day behind must not find a certificate that is not valid yet.
    private static readonly TimeSpan Backdated = TimeSpan.FromDays(2);

    /// <returns>Without its key, which may be in an HSM.</returns>
    public static X509Certificate2 CreateRoot(ECDsa key, DateTimeOffset now)
    {
        CertificateRequest request = new(Named("Relay model signing root"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.Create(
            request.SubjectName, X509SignatureGenerator.CreateForECDsa(key), now - Backdated, now.AddYears(RootYears), CreateSerial());
    }

    /// <summary>A signer's certificate with the usages of model signing; it ends with the root's at the latest.</summary>
    /// <param name="key">The signer's; its private half may be in an HSM.</param>
    public static X509Certificate2 IssueSigner(X509Certificate2 root, ECDsa rootKey, PublicKey key, DateTimeOffset now)
    {
        CertificateRequest request = new(Named("Relay model signer"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new Oid(CmsProfile.CodeSigningUsage), new Oid(CmsProfile.EmailProtectionUsage), new Oid(CmsProfile.ModelSigningUsage)],
            critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, true, false));

        DateTimeOffset from = Later(now - Backdated, root.NotBefore);
        DateTimeOffset to = Earlier(now.AddYears(SignerYears), root.NotAfter);
        return request.Create(root.SubjectName, X509SignatureGenerator.CreateForECDsa(rootKey), from, to, CreateSerial());
    }

    /// <summary>When to issue the next signer: after half of its validity, so that new nodes accept its last signatures for the other half.</summary>
    public static DateTimeOffset RenewalOf(X509Certificate2 signer) => signer.NotAfter - ((signer.NotAfter - signer.NotBefore) / 2);

    private static byte[] CreateSerial()
    {
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7F;
        return serial;
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static X500DistinguishedName Named(string name)
    {
        X500DistinguishedNameBuilder builder = new();
        builder.AddCommonName(name);
        return builder.Build();
    }
}
