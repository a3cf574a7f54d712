using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Relay.Server.Fleet.Identity;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Nodes;

namespace Relay.Server.Fleet.Enrollment;

internal static class EnrollmentEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        // Its credential is the token in the body, and the key that signs it is not known before.
        app.MapPost(Routes.Enroll, Enroll).WithSummary("Enrolls a node by a token")
            .WithMetadata(new RequestSizeLimitAttribute(NodeEnrollment.Bytes))
            .RequireAuthorization(AccessPolicies.Open)
            .RequireRateLimiting(RateLimits.NodeRoutes);
        app.MapGet(Routes.EnrollmentTokens, List)
            .WithSummary("Lists enrollment tokens, without their text").RequireAuthorization(AccessPolicies.Audit);
        app.MapPost(Routes.EnrollmentTokens, Create)
            .WithSummary("Makes an enrollment token, which is shown once").RequireAuthorization(AccessPolicies.Operate);
        app.MapDelete($"{Routes.EnrollmentTokens}/{{id:long}}", Revoke)
            .WithSummary("Revokes an enrollment token").RequireAuthorization(AccessPolicies.Operate);
    }

    private static async Task<Results<Created, Ok, ProblemHttpResult>> Enroll(
        NodeEnrollment enrollment, HttpRequest request, NodeEnroller enroller, TimeProvider timeProvider)
    {
        if (!RelayName.IsValidNode(enrollment.Node))
        {
            return NodeProblemResults.InvalidEnrollment(new() { ["$.node"] = $"Expected {RelayName.NodeRule}." });
        }

        if (NodePublicKey.Read(enrollment.PublicKey, out string error) is not { } key)
        {
            return NodeProblemResults.NodeKey(error);
        }

        if (FindSignatureProblem(enrollment.Node, key, request, timeProvider.GetUtcNow()) is { } problem)
        {
            return problem;
        }

        return await enroller.EnrollAsync(enrollment.Node, key, enrollment.Token) switch
        {
            EnrollmentOutcome.Enrolled => TypedResults.Created(),
            EnrollmentOutcome.AlreadyEnrolled => TypedResults.Ok(),
            EnrollmentOutcome.Banned => NodeProblemResults.Banned(enrollment.Node),
            EnrollmentOutcome.NodeExists => NodeProblemResults.NodeExists(enrollment.Node),
            EnrollmentOutcome.KeyExists => NodeProblemResults.KeyExists(),
            EnrollmentOutcome.Full => NodeProblemResults.EnrollmentsFull(enroller.Limits.Nodes),
            _ => NodeProblemResults.EnrollmentToken(),
        };
    }

    /// <summary>The signature proves that the sender holds the key that it names, for the node that it names, now.</summary>
    private static ProblemHttpResult? FindSignatureProblem(string node, NodePublicKey key, HttpRequest request, DateTimeOffset now)
    {
        Result<SignedRequest, SignatureRefusal> signed = SignedRequest.Read(request);
        return !signed.IsAccepted ? NodeProblemResults.Signature(signed.Refusal.Detail)
            : !signed.Value.IsOfTime(now) ? NodeProblemResults.SignatureTime(now)
            : signed.Value.Signature.NodeId != node ? NodeProblemResults.Signature("it names another node than the body")
            : !key.Verifies(signed.Value) ? NodeProblemResults.Signature("it is not by the key in the body over this request")
            : null;
    }

    /// <param name="usable">True: those with which nodes can enroll; false: those that are used up, expired or revoked.</param>
    private static Ok<Page<EnrollmentTokenView>> List(EnrollmentTokens tokens, bool? usable, long? cursor, int? limit)
    {
        int size = Paging.Limit(limit);
        return TypedResults.Ok(Paging.ToPage(
            tokens.List(usable, cursor ?? 0, size + 1), size, token => token.Id.ToString(CultureInfo.InvariantCulture)));
    }

    private static async Task<Results<Created<EnrollmentTokenCreated>, ProblemHttpResult>> Create(
        EnrollmentTokenRequest request, EnrollmentTokens tokens, HttpResponse response)
    {
        Dictionary<string, string> errors = [];
        if (!RelayName.IsValid(request.Name))
        {
            errors["$.name"] = $"Expected {RelayName.Rule}.";
        }

        if (request.ExpiresInDays is < 1 or > EnrollmentTokenRequest.MaximumDays)
        {
            errors["$.expiresInDays"] = $"Expected 1 to {EnrollmentTokenRequest.MaximumDays}.";
        }

        if (request.Uses is < 1 or > EnrollmentTokenRequest.MaximumUses)
        {
            errors["$.uses"] = $"Expected 1 to {EnrollmentTokenRequest.MaximumUses}.";
        }

        if (errors.Count > 0)
        {
            return NodeProblemResults.InvalidTokenRequest(errors);
        }

        AuditNotes.Add(response.HttpContext, "name", request.Name);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Created((string?)null, await tokens.CreateAsync(request));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Revoke(long id, EnrollmentTokens tokens) =>
        await tokens.RevokeAsync(id) ? TypedResults.NoContent() : NodeProblemResults.UnknownToken(id);
}
