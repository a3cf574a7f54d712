using Relay.Server.Fleet.Intervals;
using Relay.Server.History.Trust;
using Relay.Server.Repository;
using Relay.Server.Repository.Archive;
using Relay.Server.Repository.Explaining;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.History;

/// <summary>Finds the signed documents behind a report.</summary>
internal sealed class ReportBeliefs(DataFolder folder, RepositoryCache repository, IntervalStore intervals)
{
    public async Task<NodeBelief> ExplainAsync(KnownReport report, CancellationToken cancellationToken)
    {
        (long timestamp, HeldMetadata? named) = FindTimestamp(report);
        if (timestamp == 0)
        {
            return new NodeBelief(
                0, false, nameof(NodeBeliefCause.Unknown), "the report names no metadata, and none of that time are kept", []);
        }

        Belief belief = await new BeliefExplainer(new PastFileSource(folder.Repository), verifiesArtifacts: false)
            .ExplainAsync(report.CheckIn, timestamp, named, report.SeenAt, pinnedRoot: null, cancellationToken);
        ExplanationStep? failed = belief.Steps.FirstOrDefault(step => !step.Holds);
        return new NodeBelief(
            timestamp, named is not null, (failed is null ? belief.Cause : NodeBeliefCause.Unknown).ToString(),
            failed is null ? belief.Detail : $"{failed.Subject}: {failed.Detail}", [.. belief.Files.Select(file => file.ToView())])
        {
            Rollout = belief.Candidate is { } candidate ? intervals.FindRollout(report.CheckIn.Channel, candidate.Salt) : null,
        };
    }

    /// <summary>The timestamp that a signed report names; else the one that was current when it came.</summary>
    private (long Timestamp, HeldMetadata? Named) FindTimestamp(KnownReport report) =>
        report is { Request: not null, CheckIn.Metadata: { } named }
            ? (named.Timestamp, named)
            : (new TimestampArchive(folder.Repository).FindAt(report.SeenAt, repository.Read().Timestamp.Version) ?? 0, null);
}
