using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Relay.Server.Storage;
using Shared.Contracts.Json;
using Shared.Contracts.Tuf;

namespace Relay.Server.Cli.Keys;

/// <summary><c>relay keys create</c>: one key more, on the machine where it will stay.</summary>
internal static class KeysCreateCommand
{
    public static Command Create()
    {
        Argument<FileInfo> file = new("FILE") { Description = "The new private key, such as root-4.pem; the public half goes beside it." };
        Command command = new("create", "Makes a key for root or targets, on the machine where it will stay.") { file };
        command.SetAction(async (parsed, _) =>
        {
            string path = parsed.GetValue(file)!.FullName;
            string publicPath = Path.ChangeExtension(path, ".pub.pem");
            if (File.Exists(path) || File.Exists(publicPath))
            {
                throw new InvalidDataException($"'{path}' or its public half exists, and keys are never overwritten.");
            }

            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            string publicPem = key.ExportSubjectPublicKeyInfoPem();
            DurableFiles files = new();
            files.Write(path + ".new", Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"), DurableFiles.OwnerFile);
            files.Rename(path + ".new", path);
            files.Write(publicPath, Encoding.ASCII.GetBytes(publicPem + "\n"));
            TextWriter output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync($"{path}: the private key. It stays here, with a copy in a safe.");
            await output.WriteLineAsync($"{publicPath}: the public half, for 'relay keys rotate ROLE --public-key'.");
            await output.WriteLineAsync($"Its id is {VerificationKey.FromEcdsa(publicPem).Id}");
            return 0;
        });
        return command;
    }
}
