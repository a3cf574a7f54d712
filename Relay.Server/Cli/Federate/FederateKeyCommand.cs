using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Relay.Server.Cli.Keys;
using Relay.Server.Keys.Encryption;
using Relay.Training.Federated;
using Shared.Contracts;
using Shared.Platform.Files;

namespace Relay.Server.Cli.Federate;

/// <summary><c>relay federate key</c>: creates the key pair of an owner.</summary>
internal static class FederateKeyCommand
{
    public static Command Create()
    {
        Argument<FileInfo> file = new("file") { Description = "The file for the private key, such as hospital-a.pem." };
        Option<FileInfo?> passphrase = KeysEncryptCommands.NewPassphraseOption("the private key");
        Command command = new("key", "Creates the key by which the other owners know this one, and prints its public half.") { file, passphrase };
        command.SetAction(async (parsed, _) =>
        {
            string path = parsed.GetValue(file)!.FullName;
            string? passphraseFile = parsed.GetValue(passphrase)?.FullName;
            string? secret = passphraseFile is null ? null : KeyPassphrase.ReadFile(passphraseFile);
            ECDsa made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using OwnerKey key = OwnerKey.FromKey(made);
            string pem = KeyPem.Write(made, secret, KeyPem.OfflineIterations) + "\n";
            if (!new DurableFiles().TryCreate(path, Encoding.ASCII.GetBytes(pem), DurableFiles.OwnerFile))
            {
                throw new CommandException(DisplayText.Format($"'{path}' exists, and a key is never overwritten"));
            }

            TextWriter output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync(DisplayText.Format($"{path}: the private key. It stays on this machine."));
            await KeysEncryptCommands.WriteEncryptedAsync(output, passphraseFile);
            await output.WriteLineAsync(DisplayText.Format(
                $"public key, for 'relay federate plan --owner NAME=KEY': {Convert.ToBase64String(key.PublicKey)}"));
            return 0;
        });
        return command;
    }
}
