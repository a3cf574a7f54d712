using System.CommandLine;
using System.Text.Json;
using Relay.Server.Cli.Keys;
using Relay.Server.Keys;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Json;
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
        Option<FileInfo?> passphrase = KeysEncryptCommands.PassphraseOption();
        Option<FileInfo> pending = new("--pending")
        {
            Description =
                "The saved answer of GET /v1/pending/ID: shows the releases and revocations, verified against the metadata file, and the channels.",
            HelpName = "file",
        };
        pending.AcceptExistingOnly();
        Command command = new("sign", "Signs a metadata file with a private key of this machine, or of an HSM.")
        {
            file, key, passphrase, pending,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string path = parsed.GetValue(file)!.FullName;
            byte[] content = await File.ReadAllBytesAsync(path, cancellationToken);
            UntrustedMetadata metadata = MetadataSummary.Read(content);
            using RoleSigner signer = KeyFolder.ReadFile(parsed.GetValue(key)!.FullName, parsed.GetValue(passphrase)?.FullName);
            TextWriter output = parsed.InvocationConfiguration.Output;
            PendingView? view = parsed.GetValue(pending) is { } saved ? await ReadAsync(saved, cancellationToken) : null;
            IReadOnlyList<string> documents = view is null ? []
                : metadata.Metadata is TargetsMetadata targets ? PendingDocuments.Describe(view, targets)
                : throw new CommandException($"--pending belongs to targets metadata, and '{path}' is {metadata.Type}. Nothing was signed.");
            HashSet<string> added = [.. view?.Files.Select(added => added.Path) ?? []];
            await output.WriteAsync(MetadataSummary.Describe(metadata, listed => added.Contains(listed.Path)));
            foreach (string line in documents)
            {
                await output.WriteLineAsync(line);
            }

            DurableFiles files = new();
            files.Write(path + ".new", MetadataSummary.Sign(content, metadata, signer).File);
            files.Rename(path + ".new", path);
            await output.WriteLineAsync(DisplayText.Format($"Signed by {signer.KeyId}"));
            return 0;
        });
        return command;
    }

    private static async Task<PendingView> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        await using FileStream text = file.OpenRead();
        try
        {
            return await JsonSerializer.DeserializeAsync(text, RelayApiJson.Default.PendingView, cancellationToken)
                ?? throw new CommandException($"'{file}' is not an answer of GET /v1/pending/ID. Nothing was signed.");
        }
        catch (JsonException e)
        {
            throw new CommandException($"'{file}' is not an answer of GET /v1/pending/ID: {JsonErrorText.Describe(e)} Nothing was signed.");
        }
    }

    public static Option<FileInfo> KeyOption()
    {
        Option<FileInfo> key = new("--key")
        {
            Description =
                "The PEM file of the private key, or a signer file: it names the command that signs, such as for an HSM. The key stays where it is.",
            HelpName = "file",
            Required = true,
        };
        key.AcceptExistingOnly();
        return key;
    }
}
