using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Relay.Server.Keys.Encryption;
using Shared.Contracts;
using Shared.Contracts.Json;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Cli.Keys;

/// <summary><c>relay keys create</c>: creates one key pair, on the machine that will keep it.</summary>
internal static class KeysCreateCommand
{
    public static Command Create()
    {
        Argument<FileInfo> file = new("file")
        {
            Description = "The file for the private key, such as root-4.pem. The public key goes to root-4.pub.pem beside it.",
        };
        Option<FileInfo?> passphrase = KeysEncryptCommands.NewPassphraseOption("the private key");
        Command command = new("create", "Creates a key pair for root or targets, on the machine that will keep it.") { file, passphrase };
        command.SetAction(async (parsed, _) =>
        {
            string path = parsed.GetValue(file)!.FullName;
            string publicPath = Path.ChangeExtension(path, ".pub.pem");
            string? passphraseFile = parsed.GetValue(passphrase)?.FullName;
            string? secret = passphraseFile is null ? null : KeyPassphrase.ReadFile(passphraseFile);
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            string publicPem = key.ExportSubjectPublicKeyInfoPem();
            DurableFiles files = new();
            if (Path.Exists(publicPath)
                || !files.TryCreate(path, Encoding.ASCII.GetBytes(KeyPem.Write(key, secret, KeyPem.OfflineIterations) + "\n"), DurableFiles.OwnerFile)
                || !files.TryCreate(publicPath, Encoding.ASCII.GetBytes(publicPem + "\n")))
            {
                throw new InvalidDataException($"'{path}' or its public key exists, and a key is never overwritten.");
            }

            TextWriter output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync(DisplayText.Format($"{path}: the private key. It stays on this machine; keep a copy in a safe."));
            await KeysEncryptCommands.WriteEncryptedAsync(output, passphraseFile);
            await output.WriteLineAsync(DisplayText.Format($"{publicPath}: the public key, for 'relay keys rotate ROLE --public-key'."));
            await output.WriteLineAsync(DisplayText.Format($"The key id is {VerificationKey.FromEcdsa(publicPem).Id}"));
            return 0;
        });
        return command;
    }
}
