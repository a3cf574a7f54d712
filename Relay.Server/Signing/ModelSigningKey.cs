using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Relay.Server.Keys;
using Relay.Server.Keys.Signers;

namespace Relay.Server.Signing;

/// <summary>The certificate that signs models and its key, which may be in a file or in an HSM.</summary>
internal sealed class ModelSigningKey : IDisposable
{
    private const int KeyBits = 256;

    private ModelSigningKey(X509Certificate2 certificate, ECDsa key, X509Certificate2Collection intermediates) =>
        (Certificate, Key, Intermediates) = (certificate, key, intermediates);

    public X509Certificate2 Certificate { get; }

    public ECDsa Key { get; }

    /// <summary>The certificates between this one and its root, neither included.</summary>
    public X509Certificate2Collection Intermediates { get; }

    /// <exception cref="SigningException">The settings name a file or a command that does not serve.</exception>
    public static ModelSigningKey Open(SignerSettings settings, SigningKeys keys) => settings.Kind switch
    {
        SignerKind.File => FromKeyFolder(keys),
        SignerKind.Pkcs12 => FromPkcs12(settings.File!, settings.PasswordFile),
        SignerKind.Command => FromCommand(
            settings.Certificate ?? throw new SigningException(
                "signer.json has the member 'publicKey': the key that signs models needs a 'certificate', made by 'relay issue-signer'."),
            new(settings.Command!, TimeSpan.FromSeconds(settings.TimeoutSeconds))),
        _ => throw new ArgumentOutOfRangeException(nameof(settings), settings.Kind, "not a kind"),
    };

    /// <summary>The signer of the key folder, with its own copy of the certificate, since <see cref="SigningKeys"/> disposes of its own.</summary>
    /// <exception cref="SigningException">The key folder has no signer.</exception>
    public static ModelSigningKey FromKeyFolder(SigningKeys keys) => keys.CmsSigner is { } signer
        ? new(
            X509CertificateLoader.LoadCertificate(signer.RawDataMemory.Span),
            RequireP256(signer.GetECDsaPrivateKey(), "The key folder's cms-signer.pem"), [])
        : throw new SigningException("The key folder has no cms-signer.pem, and signer.json names no other signer.");

    public void Dispose()
    {
        Key.Dispose();
        Certificate.Dispose();
        foreach (X509Certificate2 certificate in Intermediates)
        {
            certificate.Dispose();
        }
    }

    private static ModelSigningKey FromPkcs12(string file, string? passwordFile) => Read(file, () =>
    {
        string? password = passwordFile is null ? null : File.ReadLines(passwordFile).FirstOrDefault();
        X509Certificate2Collection bag = X509CertificateLoader.LoadPkcs12CollectionFromFile(file, password, KeyStorage);
        X509Certificate2 signer = bag.FirstOrDefault(certificate => certificate.HasPrivateKey)
            ?? throw new SigningException($"'{file}' has no certificate with its key.");
        return new ModelSigningKey(signer, RequireP256(signer.GetECDsaPrivateKey(), $"'{file}'"), IntermediatesOf(bag, signer));
    });

    private static ModelSigningKey FromCommand(string certificateFile, SigningCommand command) => Read(certificateFile, () =>
    {
        X509Certificate2Collection chain = [];
        chain.ImportFromPemFile(certificateFile);
        X509Certificate2 signer = chain.FirstOrDefault() ?? throw new SigningException($"'{certificateFile}' has no certificate.");
        return new ModelSigningKey(
            signer, new CommandEcdsa(RequireP256(signer.GetECDsaPublicKey(), $"'{certificateFile}'"), command), IntermediatesOf(chain, signer));
    });

    // Only in memory where the system can; macOS has no keys without a keychain.
    private static X509KeyStorageFlags KeyStorage =>
        OperatingSystem.IsMacOS() ? X509KeyStorageFlags.DefaultKeySet : X509KeyStorageFlags.EphemeralKeySet;

    private static ModelSigningKey Read(string file, Func<ModelSigningKey> read)
    {
        try
        {
            return read();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException
            or (CryptographicException and not SigningException))
        {
            throw new SigningException($"The signer in '{file}' cannot be read: {unreadable.Message}", unreadable);
        }
    }

    // One kind of key: what signs with it (CMS, DSSE) and what verifies (OpenSSL, model_signing) all pair P-256 with SHA-256.
    private static ECDsa RequireP256(ECDsa? key, string where) => key is { KeySize: KeyBits }
        ? key
        : throw new SigningException($"{where} has no key of P-256.");

    // Only those that lead from the signer to a root: nodes refuse a signature that carries any other certificate.
    private static X509Certificate2Collection IntermediatesOf(X509Certificate2Collection all, X509Certificate2 signer)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllFlags;
        chain.ChainPolicy.ExtraStore.AddRange(all);

        // What the path lacks, such as a root that is not in the file, does not matter here.
        _ = chain.Build(signer);
        HashSet<string> path = [.. chain.ChainElements.Skip(1).Select(element => Convert.ToHexString(element.Certificate.RawData))];
        foreach (X509ChainElement element in chain.ChainElements)
        {
            element.Certificate.Dispose();
        }

        return [.. all.Where(
            c => path.Contains(Convert.ToHexString(c.RawData)) && !c.SubjectName.RawData.AsSpan().SequenceEqual(c.IssuerName.RawData))
            .DistinctBy(c => Convert.ToHexString(c.RawData))];
    }
}
