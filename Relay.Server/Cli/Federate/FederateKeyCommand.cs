using System.CommandLine;
using System.Text;
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
        Command command = new("key", "Creates the key by which the other owners know this one, and prints its public half.") { file };
        command.SetAction(async (parsed, _) =>
        {
            string path = parsed.GetValue(file)!.FullName;
            using OwnerKey key = OwnerKey.Create();
            if (!new DurableFiles().TryCreate(path, Encoding.ASCII.GetBytes(key.ToPem() + "\n"), DurableFiles.OwnerFile))
            {
                throw new CommandException(DisplayText.Format($"'{path}' exists, and a key is never overwritten"));
            }

            TextWriter output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync(DisplayText.Format($"{path}: the private key. It stays on this machine."));
            await output.WriteLineAsync(DisplayText.Format(
                $"public key, for 'relay federate plan --owner NAME=KEY': {Convert.ToBase64String(key.PublicKey)}"));
            return 0;
        });
        return command;
    }
}
