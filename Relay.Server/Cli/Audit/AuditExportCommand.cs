using System.CommandLine;
using System.Security.Cryptography;
using Relay.Server.Audit;
using Relay.Server.Http.Access;
using Relay.Server.Repository.Mirroring;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Audit;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Cli.Audit;

/// <summary><c>relay audit export</c>: the whole log with its signed end, verified, in a folder.</summary>
internal static class AuditExportCommand
{
    /// <summary>A log of years.</summary>
    private static readonly TimeSpan TransferTime = TimeSpan.FromHours(1);

    public static Command Create()
    {
        RelayConnection connection = new(AccessPolicies.Audit);
        Argument<string> folder = new("folder") { Description = "A new or an empty folder." };
        Option<string?> root = new("--root")
        {
            Description = "Your own copy of a root of the relay, such as the root.json that nodes pin. Default: the relay's own first root.",
            HelpName = "file",
        };
        Command command = new("export", "Downloads the audit log and its signed end into a folder, and verifies both.") { folder, root };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string target = parsed.GetValue(folder)!;
            using OutputFolder files = OutputFolder.Create(target);
            byte[]? pinned = parsed.GetValue(root) is { } path ? BoundedFile.Read(path, TrustBounds.RootBytes, "a root.json") : null;
            using HttpClient http = connection.CreateClient(parsed, TransferTime);
            using RelayApi relay = new(http);
            string into = files.Begin();
            DurableFiles disk = new();
            byte[] anchors = await ReadAnchorsAsync(http, pinned, cancellationToken);
            disk.Write(Path.Combine(into, AuditFolder.Anchors), anchors);

            // The end first: it says which lines there are.
            SignedAuditHead signed = await relay.GetAsync(Routes.AuditHead, RelayApiJson.Default.SignedAuditHead, cancellationToken);
            disk.Write(Path.Combine(into, AuditFolder.Head), signed.Document);
            disk.Write(Path.Combine(into, AuditFolder.Signature), signed.Signature);
            AuditHead head = AuditFolder.ReadHead(into, anchors: null, TimeProvider.System.GetUtcNow());
            string log = Path.Combine(into, AuditFolder.Log);
            await relay.DownloadFileAsync($"{Routes.AuditExport}?last={head.Sequence}", log, cancellationToken);
            AuditVerification verified = AuditFolder.VerifyLog(log, [head], cancellationToken);
            files.Complete();
            foreach (string line in AuditVerifyCommand.Lines(verified, [head]).Concat(Advice(target, anchors)))
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(line);
            }

            return 0;
        });
        return command;
    }

    private static IEnumerable<string> Advice(string folder, byte[] anchors)
    {
        yield return DisplayText.Format(
            $"{AuditFolder.Anchors} came with it: compare its SHA-256 with what the relay's operators told you: "
            + $"{Convert.ToHexStringLower(SHA256.HashData(anchors))}");
        yield return DisplayText.Format($"Keep {folder} where the relay's operators cannot change it, and verify the next export by it:");
        yield return DisplayText.Format($"  relay audit verify NEXT --head {folder}");
        yield return DisplayText.Format($"Verify the signature without Relay, in {folder}:");
        yield return $"  openssl cms -verify -binary -inform DER -in {AuditFolder.Signature} -content {AuditFolder.Head} "
            + $"-CAfile {AuditFolder.Anchors} -out /dev/null";
    }

    private static async Task<byte[]> ReadAnchorsAsync(HttpClient http, byte[]? trustedRoot, CancellationToken cancellationToken)
    {
        RelayFileSource repository = new(http, TimeProvider.System, RelayFileSource.DefaultGrace);
        RepositoryContents contents =
            await new RepositoryReader(repository, TimeProvider.System).ReadAsync(trustedRoot, heldTimestamp: null, cancellationToken);
        return await contents.RequireListedAsync(repository, TargetPaths.Anchors, cancellationToken);
    }
}
