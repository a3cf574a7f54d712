using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http.Problems;
using Relay.Server.Repository.Publishing;

namespace Relay.Server.Releases;

/// <summary>Maps a refusal to publish to its problem.</summary>
internal static class PublishRefusalProblems
{
    public static ProblemHttpResult ToProblem(this PublishRefusal refusal) => refusal.Reason == PublishRefusalReason.SigningUnavailable
        ? ReleaseProblems.SigningUnavailable(refusal.Detail)
        : ReleaseProblems.ReleaseRefused(refusal.Detail);
}
