using System.CommandLine;
using System.Text;
using Relay.Server.Cli.Keys;
using Relay.Server.Keys;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Json;
using Shared.Contracts.Models;
using Shared.Contracts.Tuf;

namespace Relay.Server.Cli;

/// <summary><c>relay approve</c>: signs a pending publication on this machine and sends the signature, never the key.</summary>
internal static class ApproveCommand
{
    /// <summary>What the operator does about a pending change.</summary>
    public static string DescribePending(PendingNotice notice) =>
        DisplayText.Format($"The change needs signatures of offline keys: relay approve {notice.Pending} --key KEY.pem");

    public static Command Create()
    {
        RelayConnection connection = RelayConnection.ForApprovers();
        Argument<string> id = new("id") { Description = "The id of the publication, as 'relay pending' lists it." };
        Option<FileInfo> key = SignCommand.KeyOption();
        Option<FileInfo?> passphrase = KeysEncryptCommands.PassphraseOption();
        AcceptOptions accept = new("Signs although this gate failed for a version that becomes current; once for each such gate, with a --reason.");
        Command command = new("approve", "Signs a pending publication on this machine and sends the signature.")
        {
            id, key, passphrase,
        };
        accept.AddTo(command);
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            IReadOnlyList<GateAcceptance>? accepted = accept.Read(parsed);
            using RoleSigner signer = KeyFolder.ReadFile(parsed.GetValue(key)!.FullName, parsed.GetValue(passphrase)?.FullName);
            using RelayApi relay = connection.Open(parsed);
            string path = $"{Routes.Pending}/{Uri.EscapeDataString(parsed.GetValue(id)!)}";
            PendingView pending = await relay.GetAsync(path, RelayApiJson.Default.PendingView, cancellationToken);
            byte[] file = Encoding.UTF8.GetBytes(pending.Metadata ?? throw new CommandException("The relay sent no metadata to sign."));
            UntrustedMetadata metadata = MetadataSummary.Read(file);
            if (metadata.Type != RoleNames.Targets)
            {
                throw new CommandException(
                    DisplayText.Format($"The relay requests a signature of {metadata.Type}, which is not a publication. Nothing was signed."));
            }

            TextWriter output = parsed.InvocationConfiguration.Output;
            HashSet<string> added = [.. pending.Files.Select(added => added.Path)];
            await output.WriteAsync(MetadataSummary.Describe(metadata, listed => added.Contains(listed.Path)));
            foreach (string line in PendingDocuments.Describe(pending, (TargetsMetadata)metadata.Metadata))
            {
                await output.WriteLineAsync(line);
            }

            RequireAccepted(PendingDocuments.FindAccepted(pending, (TargetsMetadata)metadata.Metadata), accepted ?? []);
            PendingProgress progress = await relay.PostAsync(
                $"{path}/signatures",
                new PendingSignature(signer.KeyId, MetadataSummary.Sign(file, metadata, signer).Signature) { Accept = accepted },
                RelayApiJson.Default.PendingSignature, RelayApiJson.Default.PendingProgress, cancellationToken);
            await output.WriteLineAsync(
                progress.Published
                    ? "Published."
                    : $"{progress.SignedBy.Count} of {progress.Threshold} required keys have signed.");
            return 0;
        });
        return command;
    }

    // The trainer accepted the gate for the version; the approver accepts it for the nodes.
    private static void RequireAccepted(IReadOnlyList<AcceptedGate> failed, IReadOnlyList<GateAcceptance> accepted)
    {
        if (failed.FirstOrDefault(gate => !accepted.Any(a => a.Gate == gate.Name)) is { } open)
        {
            throw new CommandException(
                DisplayText.Format($"The gate {open.Name} failed for {open.Version}, with the reason '{open.Reason}'. Nothing was signed: ")
                + DisplayText.Format($"add --accept {open.Name} --reason TEXT if nodes shall run it."));
        }
    }
}
