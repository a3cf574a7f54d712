using System.CommandLine;
using Relay.Server.Audit;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Audit;

namespace Relay.Server.Cli.Audit;

/// <summary><c>relay audit verify</c>: verifies an exported audit log, without a relay.</summary>
internal static class AuditVerifyCommand
{
    public static Command Create()
    {
        Argument<string> folder = new("folder") { Description = "A folder of 'relay audit export'." };
        Option<string[]> earlier = new("--head")
        {
            Description = "An earlier export, which you kept where the relay's operators cannot change it: its end must be in this log. Repeatable.",
            HelpName = "folder",
            DefaultValueFactory = _ => [],
        };
        Option<string?> anchors = new("--anchors")
        {
            Description = "Your own copy of the relay's anchors.pem. Default: the one in the folder, which came from the relay.",
            HelpName = "file",
        };
        Command command = new("verify", "Verifies an exported audit log: no entry was changed, taken away or put between.")
        {
            folder, earlier, anchors,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string from = parsed.GetValue(folder)!;
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            List<AuditHead> heads = [AuditFolder.ReadHead(from, parsed.GetValue(anchors), now)];
            heads.AddRange(parsed.GetValue(earlier)!.Select(kept => AuditFolder.ReadHead(kept, parsed.GetValue(anchors), now)));
            AuditVerification verified = AuditFolder.VerifyLog(Path.Combine(from, AuditFolder.Log), heads, cancellationToken);
            foreach (string line in Lines(verified, heads))
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(line);
            }

            return 0;
        });
        return command;
    }

    /// <summary>What was verified, for people.</summary>
    public static IEnumerable<string> Lines(AuditVerification verified, IReadOnlyList<AuditHead> heads)
    {
        yield return DisplayText.Format(
            $"verified: {verified.Count} entries, from {verified.First?.At:u} to {verified.Last?.At:u}; the last has hash {verified.Hash}");
        foreach (AuditHead head in heads)
        {
            yield return DisplayText.Format($"signed: entry {head.Sequence}, at {head.At:u}");
        }

        if (heads.Max(head => head.Sequence) < verified.Count)
        {
            yield return DisplayText.Format($"NOT signed: the {verified.Count - heads.Max(head => head.Sequence)} entries after that");
        }
    }
}
