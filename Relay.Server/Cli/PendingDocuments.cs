using System.Text;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Cli;

/// <summary>What a pending publication means, read from the documents that its metadata lists. The relay sends them; each is verified against the
/// metadata that the approver signs, so that a relay cannot show one change and have another signed.</summary>
internal static class PendingDocuments
{
    /// <summary>One line per release and revocation, and per channel that changes.</summary>
    /// <exception cref="CommandException">The relay sent another document than the metadata lists.</exception>
    public static IReadOnlyList<string> Describe(PendingView pending, TargetsMetadata targets)
    {
        List<string> lines = [];
        foreach (PendingFileView file in pending.Files)
        {
            if (file.Text is not null)
            {
                lines.AddRange(Describe(pending, targets, Verify(targets, file), file.Path));
            }
            else if (file.Path == TargetPaths.Policy || TargetPaths.ReleaseNumberOf(file.Path) is not null || TargetPaths.IsTestResult(file.Path))
            {
                lines.Add(DisplayText.Format($"  {file.Path}: the relay did not send its content, so that it cannot be shown"));
            }
        }

        return [.. lines, .. PendingCommand.DescribeChannels(pending)];
    }

    /// <summary>The gates that failed and were accepted for the versions that become current, from
    /// test results that were verified as above.</summary>
    public static IReadOnlyList<AcceptedGate> FindAccepted(PendingView pending, TargetsMetadata targets) =>
    [
        .. pending.Files.Where(file => file.Text is not null && TargetPaths.IsTestResult(file.Path))
            .SelectMany(file => AcceptedGate.Read(Verify(targets, file), file)),
    ];

    private static byte[] Verify(TargetsMetadata targets, PendingFileView file)
    {
        byte[] content = Encoding.UTF8.GetBytes(file.Text!);
        return targets.Files.TryGetValue(file.Path, out TargetFile? listed) && listed.Check(content) is null
            ? content
            : throw new CommandException(DisplayText.Format($"The relay shows another '{file.Path}' than the metadata lists. Nothing was signed."));
    }

    private static IEnumerable<string> Describe(PendingView pending, TargetsMetadata targets, byte[] content, string path)
    {
        if (TargetPaths.ReleaseNumberOf(path) is { } number)
        {
            ReleaseManifest release = ReleaseManifest.Read(content, number).ValueOrThrow();
            yield return DisplayText.Format(
                $"  release {number}: {string.Join(", ", release.Models.Select(model => $"{model.Name} {model.Version}"))}");
        }
        else if (TargetPaths.IsTestResult(path))
        {
            foreach (AcceptedGate gate in AcceptedGate.Read(content, pending.Files.First(file => file.Path == path)))
            {
                yield return DisplayText.Format(
                    $"  GATE FAILED for {gate.Version}: {gate.Name}, figure {gate.Figure}, bound {gate.Bound}; accepted: {gate.Reason}");
            }
        }
        else if (path == TargetPaths.Policy)
        {
            TrustPolicy policy = TrustPolicy.Read(content).ValueOrThrow();
            yield return DisplayText.Format($"  minimum release {policy.MinimumRelease}");
            foreach (string sha256 in policy.Revoked)
            {
                PendingRevocation? added = pending.Revokes.FirstOrDefault(revoked => revoked.Sha256 == sha256);
                string mark = added is null ? "is revoked already, as the relay says" : "is revoked with this change";
                yield return DisplayText.Format($"  {NameOf(targets, sha256)} {mark}; sha256 {sha256}");
                if (added is not null)
                {
                    yield return DisplayText.Format($"    reason, as the relay says: {added.Reason ?? "none given"}");
                }
            }
        }
    }

    private static string NameOf(TargetsMetadata targets, string sha256) =>
        targets.Files.Values.FirstOrDefault(file => file.Sha256 == sha256 && file.Label is not null)?.Label is { } label
            ? $"{label.Model} {label.Version}"
            : "a version that was never released";
}
