using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http.Problems;
using Relay.Server.Repository.Publishing;

namespace Relay.Server.Releases;

/// <summary>Maps a refusal to publish to its problem.</summary>
internal static class PublishRefusalProblems
{
    private const string PublishOption = "publish it with \"schemaChange\": true, which is 'relay publish --schema-change'";

    /// <param name="impact">Finds the nodes that a schema change concerns.</param>
    /// <param name="schemaChangeOption">How the request accepts a schema change.</param>
    public static ProblemHttpResult ToProblem(
        this PublishRefusal refusal, SchemaChangeImpact impact, string schemaChangeOption = PublishOption) => refusal.Reason switch
        {
            PublishRefusalReason.SigningUnavailable => ReleaseProblems.SigningUnavailable(refusal.Detail),
            PublishRefusalReason.SchemaChange => ReleaseProblems.SchemaChange(
                refusal.Detail, refusal.SchemaChanges, impact.Find(refusal.SchemaChanges), schemaChangeOption),
            PublishRefusalReason.ModelArchived => ModelProblems.Archived(refusal.Model!),
            PublishRefusalReason.RolloutRunning => ReleaseProblems.RolloutRunning(refusal.Detail, refusal.Rollout),
            _ => ReleaseProblems.ReleaseRefused(refusal.Detail),
        };
}
