using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Relay.Server.Fleet.Identity;
using Relay.Server.Fleet.Usage;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Relay.Server.Repository;
using Relay.Server.Telemetry;
using Shared.Contracts.Api;

namespace Relay.Server.Fleet;

internal static partial class FleetEndpoints
{
    private const int BusySeconds = 10;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost(Routes.CheckIns, CheckIn).WithSummary("Takes the report of a node")
            .WithMetadata(new RequestSizeLimitAttribute(CheckInBounds.Bytes))
            .RequireAuthorization(AccessPolicies.Node)
            .RequireRateLimiting(RateLimits.NodeRoutes);
        app.MapGet(Routes.Nodes, List).WithSummary("Lists nodes").RequireAuthorization(AccessPolicies.Audit);
        app.MapDelete(Routes.Nodes, RemoveUnseen)
            .WithSummary("Removes nodes that have been silent for long").RequireAuthorization(AccessPolicies.Operate);
        app.MapDelete($"{Routes.Nodes}/{{id}}", Remove).WithSummary("Removes a node").RequireAuthorization(AccessPolicies.Operate);
        app.MapPost($"{Routes.Nodes}/{{id}}/ban", Ban)
            .WithSummary("Bans a node: nothing that its key signs is accepted").RequireAuthorization(AccessPolicies.Operate);
        app.MapPost($"{Routes.Nodes}/{{id}}/unban", Unban).WithSummary("Ends the ban of a node").RequireAuthorization(AccessPolicies.Operate);
        app.MapGet(Routes.CheckIns, History).WithSummary("Lists the latest reports of a node").RequireAuthorization(AccessPolicies.Audit);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> CheckIn(
        string id, CheckIn report, NodeStore nodes, NodeKeys keys, RepositoryCache repository, CheckInMeter meter, RelayTraces traces,
        HttpContext context)
    {
        bool isSigned = NodeIdentity.Find(context.User) is not null;
        CheckInSignature? signature = CheckInSignature.Find(context, keys);
        if (isSigned && signature is null)
        {
            meter.Count(CheckInOutcome.NotEnrolled);
            return NodeProblemResults.NotEnrolled(id);
        }

        Dictionary<string, string> errors = CheckInValidator.Validate(id, report, signature);
        if (errors.Count > 0)
        {
            meter.CountInvalid();
            return FleetProblems.InvalidCheckIn(errors);
        }

        // A report is stored whatever became of the repository.
        FleetEntry? entry = repository.ReadOrLast() is { } snapshot ? FleetEntry.Create(report, isSigned, snapshot) : null;
        CheckInReceipt receipt = await nodes.StoreAsync(report, signature, entry);
        meter.Count(receipt.Outcome);
        switch (receipt.Outcome)
        {
            case CheckInOutcome.Stored or CheckInOutcome.Repeated:
                traces.StartFirstAfter("first check-in", TraceStep.Release(report.Release))?.Dispose();
                return TypedResults.NoContent();
            case CheckInOutcome.Outdated:
                return NodeProblemResults.Sequence(receipt.LastSequence);
            case CheckInOutcome.Unsigned:
                return NodeProblemResults.UnsignedNode(id);
            case CheckInOutcome.NotEnrolled:
                return NodeProblemResults.NotEnrolled(id);
            case CheckInOutcome.Banned:
                return NodeProblemResults.Banned(id);
            case CheckInOutcome.FleetFull:
                return FleetProblems.FleetFull(nodes.Limits.Nodes);
            default:
                context.Response.Headers.RetryAfter = BusySeconds.ToString(CultureInfo.InvariantCulture);
                return FleetProblems.Busy();
        }
    }

    private static Results<Ok<Page<NodeView>>, ProblemHttpResult> List(
        NodeStore nodes, string? prefix, string? channel, int? release, string? model, int? version, bool? stale, bool? quarantined,
        bool? refusing, bool? banned, DateTimeOffset? seenSince, DateTimeOffset? notSeenSince, string? cursor, int? limit)
    {
        if ((Filters.CheckNode(nameof(prefix), prefix) ?? Filters.CheckName(nameof(channel), channel) ?? Filters.CheckName(nameof(model), model))
            is { } problem)
        {
            return problem;
        }

        if (version is not null && model is null)
        {
            return RelayProblems.InvalidFilter(nameof(version), "the version of a model: give 'model', too");
        }

        NodeFilter filter = new()
        {
            Prefix = prefix,
            Channel = channel,
            Release = release,
            Model = model,
            Version = version,
            Stale = stale,
            Quarantined = quarantined,
            Refusing = refusing,
            Banned = banned,
            SeenSince = seenSince,
            NotSeenSince = notSeenSince,
        };
        int size = Paging.Limit(limit);
        return TypedResults.Ok(Paging.ToPage(nodes.List(filter, cursor, size + 1), size, node => node.Id));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(string id, NodeStore nodes) =>
        await nodes.RemoveAsync(id) ? TypedResults.NoContent() : FleetProblems.UnknownNode(id);

    private static Task<Results<NoContent, ProblemHttpResult>> Ban(string id, NodeStore nodes, ClaimsPrincipal user, ILogger<NodeStore> logger) =>
        BanAsync(id, isBanned: true, nodes, user, logger);

    private static Task<Results<NoContent, ProblemHttpResult>> Unban(string id, NodeStore nodes, ClaimsPrincipal user, ILogger<NodeStore> logger) =>
        BanAsync(id, isBanned: false, nodes, user, logger);

    private static async Task<Results<NoContent, ProblemHttpResult>> BanAsync(
        string id, bool isBanned, NodeStore nodes, ClaimsPrincipal user, ILogger logger)
    {
        if (!await nodes.BanAsync(id, isBanned))
        {
            return NodeProblemResults.NoKeyToBan(id);
        }

        string? key = ApiKeyAuthentication.FindKey(user);
        if (isBanned)
        {
            LogBanned(logger, id, key);
        }
        else
        {
            LogUnbanned(logger, id, key);
        }

        return TypedResults.NoContent();
    }

    [LoggerMessage(1402, LogLevel.Warning, "Node {Node} was banned by key {Key}: nothing that it signs is accepted")]
    private static partial void LogBanned(ILogger log, string node, string? key);

    [LoggerMessage(1403, LogLevel.Warning, "The ban of node {Node} was ended by key {Key}")]
    private static partial void LogUnbanned(ILogger log, string node, string? key);

    /// <param name="notSeenSince">Nodes whose last report is older are forgotten.</param>
    /// <param name="established">True: also nodes that have enrolled, or have reported for a day or longer.</param>
    private static async Task<Results<Ok<NodesRemoved>, ProblemHttpResult>> RemoveUnseen(
        NodeStore nodes, DateTimeOffset? notSeenSince, bool? established) => notSeenSince is { } before
        ? TypedResults.Ok(new NodesRemoved(await nodes.RemoveUnseenAsync(before, established ?? false)))
        : RelayProblems.MalformedRequest(
            "Give 'notSeenSince', an instant such as 2026-01-31T12:00:00Z: the nodes whose last report is older are forgotten.");

    private static Results<Ok<Page<NodeView>>, ProblemHttpResult> History(string id, NodeStore nodes, long? cursor, int? limit)
    {
        int size = Paging.LimitOfShort(cursor is null, limit);
        IReadOnlyList<(long Number, NodeView View)> reports = nodes.ListReports(id, cursor, size + 1);
        return reports.Count > 0 || cursor is not null
            ? TypedResults.Ok(new Page<NodeView>(
                [.. reports.Take(size).Select(report => report.View)],
                reports.Count > size ? reports[size - 1].Number.ToString(CultureInfo.InvariantCulture) : null))
            : FleetProblems.UnknownNode(id);
    }
}
