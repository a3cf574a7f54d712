using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Relay.Server.Cli.Keys;
using Relay.Server.Keys;
using Relay.Server.Keys.Encryption;
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
        Option<FileInfo> rootKey = Existing("--root-key", "The PEM file of the root's private key: cms-root-key.pem.");
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
            string pem = Issue(
                Text(parsed.GetValue(root)!), KeyText(parsed.GetValue(rootKey)!, parsed.GetValue(passphrase)), Text(parsed.GetValue(publicKey)!),
                TimeProvider.System.GetUtcNow());
            await OutputFile.ReplaceAsync(parsed.GetValue(output)!.FullName, Encoding.ASCII.GetBytes(pem), cancellationToken);
            return 0;
        });
        return command;
    }

    /// <exception cref="InvalidDataException">A file is malformed, or the key is not that of the root.</exception>
    internal static string Issue(string rootPem, string rootKeyPem, string publicKeyPem, DateTimeOffset now)
    {
        try
        {
            using X509Certificate2 root = X509Certificate2.CreateFromPem(rootPem, rootKeyPem);
            using ECDsa rootKey = root.GetECDsaPrivateKey() ?? throw new InvalidDataException("The root has no ECDSA key.");
            using ECDsa key = ECDsa.Create();
            key.ImportFromPem(VerificationKey.FromEcdsa(publicKeyPem).PublicText);
            using X509Certificate2 signer = CmsAuthority.IssueSigner(root, rootKey, new PublicKey(key), now);
            return signer.ExportCertificatePem() + "\n";
        }
        catch (Exception malformed) when (malformed is CryptographicException or ArgumentException)
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

    private static string KeyText(FileInfo file, FileInfo? passphraseFile)
    {
        string text = Text(file);
        if (!KeyPem.IsEncrypted(text))
        {
            return text;
        }

        using ECDsa key = KeyPem.Read(
            text, file.FullName,
            passphraseFile is not null ? KeyPassphrase.ReadFile(passphraseFile.FullName) : KeyPassphrase.ToRead(file.DirectoryName!));
        return KeyPem.Write(key, null);
    }

    private static string Text(FileInfo file) => File.ReadAllText(file.FullName);
}
