using System.CommandLine;
using Relay.Server.Keys;
using Shared.Contracts;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Cli;

/// <summary><c>relay sign</c>: adds a signature to a metadata file. It needs no relay and runs where the key is.</summary>
internal static class SignCommand
{
    public static Command Create()
    {
        Argument<FileInfo> file = new("file") { Description = "A metadata file: root or targets." };
        Option<FileInfo> key = KeyOption();
        Command command = new("sign", "Signs a metadata file with a private key on this machine.") { file, key };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string path = parsed.GetValue(file)!.FullName;
            byte[] content = await File.ReadAllBytesAsync(path, cancellationToken);
            UntrustedMetadata metadata = MetadataSummary.Read(content);
            using RoleSigner signer = KeyFolder.ReadFile(parsed.GetValue(key)!.FullName);
            TextWriter output = parsed.InvocationConfiguration.Output;
            await output.WriteAsync(MetadataSummary.Describe(metadata, _ => false));

            DurableFiles files = new();
            files.Write(path + ".new", MetadataSummary.Sign(content, metadata, signer).File);
            files.Rename(path + ".new", path);
            await output.WriteLineAsync(DisplayText.Format($"Signed by {signer.KeyId}"));
            return 0;
        });
        return command;
    }

    public static Option<FileInfo> KeyOption()
    {
        Option<FileInfo> key = new("--key")
        {
            Description = "The PEM file of the private key. The key stays on this machine.",
            HelpName = "file",
            Required = true,
        };
        key.AcceptExistingOnly();
        return key;
    }
}
