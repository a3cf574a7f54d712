using Relay.Server.Releases;
using Relay.Server.Repository;
using Relay.Server.Repository.Pending;
using Relay.Server.Repository.Publishing;
using Shared.Contracts;
using Shared.Contracts.Releases;

namespace Relay.Server.Rollouts;

/// <summary>Publishes the step that a rollout intends. To repeat it changes nothing: what is published already is recognized.</summary>
internal sealed class RolloutPublisher(
    TufRepository repository, ReleasePublisher publisher, ApprovalService approvals, VersionPackager packager)
{
    /// <exception cref="InvalidDataException">The keys of the channels are not here, or the
    /// repository is damaged: a later try may succeed.</exception>
    public async Task<RolloutPublication> PublishAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        if (rollout is { Step: RolloutStep.Return, Pending: { } unsigned })
        {
            // Before the channel is looked at: until then, a last signature may publish it.
            await approvals.DropAsync(unsigned, cancellationToken);
            rollout = rollout with { Pending = null };
        }

        ChannelManifest? current = repository.Read().Channels.GetValueOrDefault(rollout.Channel);
        if (current?.Candidate is { } published && published.Salt == rollout.Salt)
        {
            rollout = rollout with { CandidateRelease = published.Release };
        }

        if (rollout.Document is { } document && document == current)
        {
            return RolloutPublication.Made(rollout.CandidateRelease);
        }

        if (rollout.Step == RolloutStep.Stage && current?.Release != rollout.BaseRelease)
        {
            if (rollout.Pending is { } late)
            {
                await approvals.DropAsync(late, cancellationToken);
            }

            return RolloutPublication.Refused(
                rollout.CandidateRelease, $"The channel runs release {current?.Release}, and the rollout began with release {rollout.BaseRelease}.");
        }

        return rollout.Document is { } next
            ? await PointAsync(rollout, next, cancellationToken)
            : await ReleaseAsync(rollout, cancellationToken);
    }

    private async Task<RolloutPublication> PointAsync(Rollout rollout, ChannelManifest document, CancellationToken cancellationToken)
    {
        PublishRefusal? refusal = await publisher.PointChannelAsync(
            document.Channel, document.Release, document.Candidate, AcceptsSchemaChange(rollout), rollout.Reservation, cancellationToken);
        return refusal is null ? RolloutPublication.Made(rollout.CandidateRelease) : Refuse(rollout, refusal);
    }

    // Nodes of the cohort run the candidate, so that its schema is a matter of the start alone.
    private static bool AcceptsSchemaChange(Rollout rollout) =>
        rollout.AcceptsSchemaChange || rollout.Step != RolloutStep.Stage || rollout.IsBegun;

    /// <summary>Makes the release and the first stage in one change.</summary>
    private async Task<RolloutPublication> ReleaseAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        if (rollout.Pending is { } pending && approvals.Find(pending) is not null)
        {
            return WaitForSignatures(pending);
        }

        Result<SignedArtifacts, PublishRefusal> artifacts = await packager.PackAsync(rollout.Models!, cancellationToken);
        if (!artifacts.IsAccepted)
        {
            return Refuse(rollout, artifacts.Refusal);
        }

        Result<Publication, PublishRefusal> publication = await publisher.PublishAsync(
            new(artifacts.Value.Artifacts, rollout.Channel, rollout.Percentage)
            {
                AcceptsSchemaChange = rollout.AcceptsSchemaChange,
                ProposedBy = rollout.StartedByKey,
                Reservation = rollout.Reservation,
            },
            cancellationToken);
        return !publication.IsAccepted ? Refuse(rollout, publication.Refusal)
            : publication.Value.Pending is { } waits ? WaitForSignatures(waits)
            : RolloutPublication.Made(publication.Value.Release.Number);
    }

    private static RolloutPublication WaitForSignatures(string pending) =>
        RolloutPublication.Waiting(null, pending, $"The release waits for signatures of offline keys: 'relay approve {pending}'.");

    private static RolloutPublication Refuse(Rollout rollout, PublishRefusal refusal) => refusal.Reason == PublishRefusalReason.SigningUnavailable
        ? RolloutPublication.Waiting(rollout.CandidateRelease, rollout.Pending, refusal.Detail)
        : RolloutPublication.Refused(rollout.CandidateRelease, refusal.Detail) with { Refusal = refusal };
}
