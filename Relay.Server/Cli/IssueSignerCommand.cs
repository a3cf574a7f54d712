using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Relay.Server.Cli.Keys;
using Relay.Server.Keys;
using Relay.Server.Keys.Signers;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Cli;

/// <summary><c>relay issue-signer</c>: issues a certificate under the CMS root for a key that lies elsewhere. It needs no relay and
/// runs where the root's key is.</summary>
internal static class IssueSignerCommand
{
    public static Command Create()
    {
        Option<FileInfo> root = Existing("--root", "The PEM file of the CMS root: cms-root.pem.");
        Option<FileInfo> rootKey = Existing(
            "--root-key", "The PEM file of the root's private key, cms-root-key.pem, or a signer file, which names the command that signs.");
        Option<FileInfo?> passphrase = KeysEncryptCommands.PassphraseOption();
        Option<FileInfo> publicKey = Existing("--public-key", "The PEM file of the signer's public key, on curve P-256.");
        Option<FileInfo> output = new("--out") { Description = "The PEM file that receives the certificate.", HelpName = "file", Required = true };
        Command command = new("issue-signer", "Issues a certificate for a model-signing key that lies elsewhere, such as in an HSM.")
        {
            root, rootKey, passphrase, publicKey, output,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            RepositoryAccess.RequireClock(TimeProvider.System);
            using ECDsa key = KeyFolder.OpenFile(parsed.GetValue(rootKey)!.FullName, parsed.GetValue(passphrase)?.FullName);
            string pem = Issue(
                Text(parsed.GetValue(root)!), key, Text(parsed.GetValue(publicKey)!), TimeProvider.System.GetUtcNow());
            await OutputFile.ReplaceAsync(parsed.GetValue(output)!.FullName, Encoding.ASCII.GetBytes(pem), cancellationToken);
            return 0;
        });
        return command;
    }

    /// <exception cref="InvalidDataException">A file is malformed, or the key is not that of the root.</exception>
    /// <exception cref="SigningException">The command of the root's key cannot sign.</exception>
    internal static string Issue(string rootPem, ECDsa rootKey, string publicKeyPem, DateTimeOffset now)
    {
        try
        {
            using X509Certificate2 root = X509Certificate2.CreateFromPem(rootPem);
            using ECDsa? certified = root.GetECDsaPublicKey();
            if (certified?.ExportSubjectPublicKeyInfoPem() != rootKey.ExportSubjectPublicKeyInfoPem())
            {
                throw new InvalidDataException("No certificate was issued: --root-key is not the key of the certificate of --root.");
            }

            using ECDsa key = ECDsa.Create();
            key.ImportFromPem(VerificationKey.FromEcdsa(publicKeyPem).PublicText);
            using X509Certificate2 signer = CmsAuthority.IssueSigner(root, rootKey, new PublicKey(key), now);
            return signer.ExportCertificatePem() + "\n";
        }
        catch (Exception malformed) when (malformed is (CryptographicException and not SigningException) or ArgumentException)
        {
            throw new InvalidDataException($"No certificate was issued: {malformed.Message}", malformed);
        }
    }

    private static Option<FileInfo> Existing(string name, string description)
    {
        Option<FileInfo> option = new(name) { Description = description, HelpName = "file", Required = true };
        option.AcceptExistingOnly();
        return option;
    }

    private static string Text(FileInfo file) => File.ReadAllText(file.FullName);
}
