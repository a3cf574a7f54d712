using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Shared.Contracts.Tuf;

namespace Relay.Server.Keys.Signers;

/// <summary>A file of <see cref="SignerSettings"/> in place of the PEM file of a private key: an HSM or a key management service has the key, and
/// a command signs with it.</summary>
internal static class CommandKey
{
    /// <summary>What follows the name of the role in the names of such files in a key folder: metadata files end with <c>.json</c> as well.</summary>
    public const string FileEnding = ".signer.json";

    /// <summary>True for the text of such a file; false for PEM.</summary>
    public static bool IsSettings(string text) => text.AsSpan().TrimStart().StartsWith('{');

    /// <summary>Opens the key, and runs no command yet.</summary>
    /// <exception cref="SigningException">The file is another one, or its public key cannot be read.</exception>
    public static ECDsa Open(string path)
    {
        SignerSettings settings = SignerSettings.Read(path);
        return settings.Kind != SignerKind.Command || settings.TimestampAuthority is not null || settings.TimestampAnchors is not null
            ? throw new SigningException(
                $"'{path}' is not a key: expected PEM of a private key, or the members kind (command), publicKey, command and timeoutSeconds alone.")
            : new CommandEcdsa(
                ReadPublic(settings.PublicKey ?? settings.Certificate!, isCertificate: settings.PublicKey is null),
                new SigningCommand(settings.Command!, TimeSpan.FromSeconds(settings.TimeoutSeconds)));
    }

    private static ECDsa ReadPublic(string file, bool isCertificate)
    {
        try
        {
            string pem = File.ReadAllText(file);
            if (isCertificate)
            {
                using X509Certificate2 certificate = X509Certificate2.CreateFromPem(pem);
                using ECDsa certified = certificate.GetECDsaPublicKey() ?? throw new CryptographicException("its key is not one of ECDSA");
                pem = certified.ExportSubjectPublicKeyInfoPem();
            }
            else if (pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
            {
                throw new CryptographicException("it is a private key, and such a file needs the public one alone");
            }

            ECDsa key = ECDsa.Create();
            key.ImportFromPem(VerificationKey.FromEcdsa(pem).PublicText);
            return key;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new SigningException($"'{file}' has no public key on the curve P-256: {unreadable.Message}", unreadable);
        }
    }
}
