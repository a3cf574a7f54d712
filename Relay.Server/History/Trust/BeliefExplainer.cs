using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Relay.Server.Repository.Explaining;
using Relay.Server.Repository.Mirroring;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Cms;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.History.Trust;

/// <summary>Follows the signed documents of a past time from the root to what a node reported, and says at each step whether it holds.</summary>
/// <param name="verifiesArtifacts">Reads the artifacts as well, and verifies their CMS signatures.</param>
internal sealed class BeliefExplainer(IStaticFileSource files, bool verifiesArtifacts)
{
    /// <param name="timestamp">The version that leads to all documents.</param>
    /// <param name="named">The metadata that the signed report names; null where it names none.</param>
    /// <param name="at">The time of the report.</param>
    /// <param name="pinnedRoot">A root that is trusted; null to trust the first one that is there.</param>
    public async Task<Belief> ExplainAsync(
        CheckIn report, long timestamp, HeldMetadata? named, DateTimeOffset at, byte[]? pinnedRoot, CancellationToken cancellationToken)
    {
        Result<PastTrust> read = await PastTrust.ReadAsync(files, timestamp, at, pinnedRoot, cancellationToken);
        if (!read.IsAccepted)
        {
            return new Belief
            {
                Detail = $"the metadata of that time do not verify: {read.Refusal.Reason} of {read.Refusal.Subject}, {read.Refusal.Detail}",
                Steps = [Refused("metadata", read.Refusal)],
            };
        }

        Chain chain = new(files, read.Value, cancellationToken);
        chain.AddMetadata(report, timestamp, named, pinnedRoot is not null, at);
        Belief belief = await ExplainChannelAsync(chain, report);
        if (report.Release > 0)
        {
            await AddReleaseAsync(chain, report, at);
        }

        return belief with { Steps = chain.Steps, Files = chain.Files };
    }

    private static async Task<Belief> ExplainChannelAsync(Chain chain, CheckIn report)
    {
        string path = TargetPaths.Channel(report.Channel);
        if (await chain.ReadAsync(path, "channel", content => ChannelManifest.Read(content, report.Channel)) is not { } channel)
        {
            return new Belief { Detail = $"the documents of that time have no channel '{report.Channel}' that verifies" };
        }

        bool isCandidate = channel.Candidate?.Includes(report.Node) == true;
        string names = channel.Candidate is { } candidate
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"release {channel.Release}, and release {candidate.Release} for {candidate.Percentage:0.##} % of the " +
                    $"nodes, of which '{report.Node}' is ")
                + (isCandidate ? "one" : "none")
            : $"release {channel.Release}";
        int given = channel.ReleaseFor(report.Node);
        (NodeBeliefCause cause, string detail) =
            report.Release == 0 ? (NodeBeliefCause.None, $"no release was active; the channel named {names}")
            : report.Steering is { } steering && steering.StartsWith("Pinned", StringComparison.Ordinal)
                ? (NodeBeliefCause.Pinned, $"the node was pinned ({steering}); the channel named {names}")
            : report.Steering is not null ? (NodeBeliefCause.Held, $"the node held its release; the channel named {names}")
            : report.Release != given && report.Waiting?.Release == given
                ? (NodeBeliefCause.Kept, $"the channel named {names}; the node kept release {report.Release} until its maintenance window")
            : report.Release != given
                ? (
                    NodeBeliefCause.Kept,
                    $"the channel named {names}; the node had refused that release, or not taken it yet, and kept release {report.Release}")
            : isCandidate ? (NodeBeliefCause.Candidate, $"the channel named {names}")
            : (NodeBeliefCause.Channel, $"the channel named {names}");
        chain.Add(true, $"channel {report.Channel}", detail);
        return new Belief { Cause = cause, Detail = detail, Candidate = cause == NodeBeliefCause.Candidate ? channel.Candidate : null };
    }

    private async Task AddReleaseAsync(Chain chain, CheckIn report, DateTimeOffset at)
    {
        ReleaseManifest? release =
            await chain.ReadAsync(TargetPaths.Release(report.Release), "release", content => ReleaseManifest.Read(content, report.Release));
        TrustPolicy? policy = await chain.ReadAsync(TargetPaths.Policy, "policy", content => TrustPolicy.Read(content));
        X509Certificate2Collection? anchors =
            await chain.ReadAsync(TargetPaths.Anchors, "anchors", content => TrustAnchors.Read(content));
        X509Certificate2Collection? timestampAnchors = chain.IsListed(TargetPaths.TimestampAnchors)
            ? await chain.ReadAsync(TargetPaths.TimestampAnchors, "anchors", content => TrustAnchors.Read(content, TargetPaths.TimestampAnchors))
            : null;
        if (release is null || policy is null || anchors is null)
        {
            return;
        }

        Refusal? forbidden = policy.CheckRelease(release.Number)
            ?? report.Models
                .Select(model => policy.CheckArtifact(TargetPaths.Model(model.Name, model.Version), model.Sha256))
                .FirstOrDefault(r => r is not null);
        chain.Add(forbidden is null, "policy", forbidden is null
            ? $"the lowest release allowed was {policy.MinimumRelease}, and nothing that the node ran was revoked"
            : $"the policy of that time forbids it: {forbidden.Reason}, {forbidden.Detail}");
        foreach (ActiveModel model in report.Models)
        {
            string subject = $"{model.Name} {model.Version}";
            TargetFile? file = chain.FindModel(model, release, subject);
            if (file is not null && await chain.ReadFileAsync(TargetPaths.SignatureOf(file.Path), "signature") is { } signature)
            {
                await AddArtifactAsync(chain, file, signature, anchors, timestampAnchors, at, subject);
            }
        }
    }

    private async Task AddArtifactAsync(
        Chain chain, TargetFile file, byte[] signature, X509Certificate2Collection anchors, X509Certificate2Collection? timestampAnchors,
        DateTimeOffset at, string subject)
    {
        if (!verifiesArtifacts)
        {
            chain.AddUnread(file, "artifact");
            return;
        }

        if (await chain.ReadFileAsync(file.Path, "artifact") is { } content)
        {
            Refusal? refusal = CmsVerifier.Verify(content, signature, anchors, at, subject, timestampAnchors: timestampAnchors);
            chain.Add(refusal is null, $"CMS {subject}", refusal is null
                ? $"its signature verifies and chains to {string.Join(", ", anchors.Select(a => $"{a.Subject} ({a.Thumbprint[..8]})"))}"
                : $"{refusal.Reason}: {refusal.Detail}");
        }
    }

    private static ExplanationStep Refused(string subject, Refusal refusal) =>
        new(false, subject, $"{refusal.Reason} of {refusal.Subject}: {refusal.Detail}");
}
