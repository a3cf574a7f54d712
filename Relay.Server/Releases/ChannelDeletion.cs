using System.Data.Common;
using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Relay.Server.Repository.Publishing;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Releases;

/// <summary>Deletes a channel, unless nodes are on it.</summary>
internal static class ChannelDeletion
{
    public static void Map(IEndpointRouteBuilder app) => app.MapDelete($"{Routes.Channels}/{{channel}}", DeleteAsync)
        .WithSummary("Deletes a channel; its releases stay").RequireAuthorization(AccessPolicies.Operate);

    /// <param name="force">True: also where nodes are on it, which keep what they run.</param>
    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string channel, bool? force, ChannelRemover channels, RelayDatabase database, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (force is not true && CountNodes(database, channel) is > 0 and long nodes)
        {
            return ReleaseProblems.ChannelInUse(channel, nodes);
        }

        return await channels.RemoveAsync(channel, ApiKeyAuthentication.FindKey(user), cancellationToken) switch
        {
            null => TypedResults.NoContent(),
            { Reason: PublishRefusalReason.UnknownChannel } => ReleaseProblems.UnknownChannel(channel),
            { Reason: PublishRefusalReason.RolloutRunning } running => ReleaseProblems.RolloutRunning(running.Detail, running.Rollout),
            { } refusal => ReleaseProblems.ReleaseRefused(refusal.Detail),
        };
    }

    private static long CountNodes(RelayDatabase database, string channel)
    {
        using DbConnection connection = database.Open();
        return connection.ExecuteScalar<long>("SELECT coalesce(sum(nodes), 0) FROM fleet_counts WHERE channel = @channel", new { channel });
    }
}
