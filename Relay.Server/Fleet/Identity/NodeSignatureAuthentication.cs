using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Shared.Contracts;
using Shared.Contracts.Nodes;

namespace Relay.Server.Fleet.Identity;

/// <summary>Authenticates a node by the signature on its request.</summary>
internal sealed class NodeSignatureAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, NodeKeys keys, TimeProvider timeProvider)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    private ProblemHttpResult? _problem;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        Result<SignedRequest, SignatureRefusal> read = SignedRequest.Read(Request);
        if (!read.IsAccepted)
        {
            return FailAsync(NodeProblemResults.Signature(read.Refusal.Detail));
        }

        SignedRequest request = read.Value;
        string node = request.Signature.NodeId;
        DateTimeOffset now = timeProvider.GetUtcNow();
        if (keys.Find(node) is not { } enrolled)
        {
            NodeIdentity.NoteUnknownSigner(Context);
            return FailAsync(NodeProblemResults.NotEnrolled(node));
        }

        // The time first: it costs less than the signature, and a node with a wrong clock learns the right one.
        if (!request.IsOfTime(now))
        {
            return FailAsync(NodeProblemResults.SignatureTime(now));
        }

        if (!enrolled.Key.Verifies(request))
        {
            return FailAsync(NodeProblemResults.Signature($"it is not by the key of node '{node}' over this request"));
        }

        if (enrolled.IsBanned)
        {
            NodeIdentity.NoteBanned(Context);
            return FailAsync(NodeProblemResults.Banned(node));
        }

        Context.Features.Set(request);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(NodeIdentity.Create(node), Scheme.Name)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return (_problem ?? RelayProblems.Unauthorized()).ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        NodeProblemResults.Forbidden(NodeIdentity.Find(Context.User)).ExecuteAsync(Context);

    private Task<AuthenticateResult> FailAsync(ProblemHttpResult problem)
    {
        _problem = problem;
        return Task.FromResult(AuthenticateResult.Fail(problem.ProblemDetails.Type!));
    }
}
