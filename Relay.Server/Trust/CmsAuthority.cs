using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Shared.Contracts.Trust;

namespace Relay.Server.Trust;

/// <summary>Makes the certificates of model signatures: a root that nodes pin, and a signer under it.</summary>
internal static class CmsAuthority
{
    private const int RootYears = 20;
    private const int SignerYears = 10;

    // A node whose clock is a day behind must not find a certificate that is not valid yet.
    private static readonly TimeSpan Backdated = TimeSpan.FromDays(2);

    public static X509Certificate2 CreateRoot(ECDsa key, DateTimeOffset now)
    {
        CertificateRequest request = new(Named("Relay model signing root"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(now - Backdated, now.AddYears(RootYears));
    }

    /// <summary>The certificate alone; the key stays with the caller.</summary>
    /// <param name="root">With its private key.</param>
    public static X509Certificate2 IssueSigner(X509Certificate2 root, ECDsa key, DateTimeOffset now)
    {
        CertificateRequest request = new(Named("Relay model signer"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new Oid(CmsForm.CodeSigningUsage), new Oid(CmsForm.EmailProtectionUsage), new Oid(CmsForm.ModelSigningUsage)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, true, false));

        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7F;
        return request.Create(root, now - Backdated, now.AddYears(SignerYears), serial);
    }

    private static X500DistinguishedName Named(string name)
    {
        X500DistinguishedNameBuilder builder = new();
        builder.AddCommonName(name);
        return builder.Build();
    }
}
