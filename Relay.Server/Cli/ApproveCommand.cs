using System.CommandLine;
using System.Text;
using Relay.Server.Keys;
using Shared.Contracts.Api;
using Shared.Contracts.Json;
using Shared.Contracts.Tuf;

namespace Relay.Server.Cli;

/// <summary><c>relay approve</c>: signs a pending publication on this machine and sends the signature, never the key.</summary>
internal static class ApproveCommand
{
    /// <summary>What to do about a change that waits.</summary>
    public static string Hint(PendingNotice waiting) =>
        $"Waits for signatures of offline keys: relay approve {waiting.Pending} --key KEY.pem";

    public static Command Create()
    {
        RelayConnection connection = RelayConnection.ForApprovers();
        Argument<string> id = new("id") { Description = "The publication, as 'publish' named it." };
        Option<FileInfo> key = SignCommand.KeyOption();
        Command command = new("approve", "Signs a publication that waits for signatures.") { id, key };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RoleSigner signer = KeyFolder.ReadFile(parsed.GetValue(key)!.FullName);
            using RelayApi relay = connection.Open(parsed);
            string path = $"{Routes.Pending}/{Uri.EscapeDataString(parsed.GetValue(id)!)}";
            PendingView pending = await relay.GetAsync(path, RelayApiJson.Default.PendingView, cancellationToken);
            byte[] file = Encoding.UTF8.GetBytes(pending.Metadata ?? throw new RelayApiException("The relay sent no metadata to sign."));
            UntrustedMetadata metadata = MetadataSummary.Read(file);
            if (metadata.Type != RoleNames.Targets)
            {
                throw new RelayApiException($"The relay asks for a signature on {metadata.Type}, which is no publication. Nothing was signed.");
            }

            TextWriter output = parsed.InvocationConfiguration.Output;
            HashSet<string> added = [.. pending.Files.Select(added => added.Path)];
            await output.WriteAsync(MetadataSummary.Of(metadata, listed => added.Contains(listed.Path)));
            foreach (string move in PendingCommand.Moves(pending))
            {
                await output.WriteLineAsync(move);
            }

            PendingProgress progress = await relay.PostAsync(
                $"{path}/signatures", new PendingSignature(signer.KeyId, MetadataSummary.Sign(file, metadata, signer).Signature),
                RelayApiJson.Default.PendingSignature, RelayApiJson.Default.PendingProgress, cancellationToken);
            await output.WriteLineAsync(
                progress.Published
                    ? "Published."
                    : $"Signed by {progress.SignedBy.Count} of {progress.Threshold} necessary keys.");
            return 0;
        });
        return command;
    }
}
