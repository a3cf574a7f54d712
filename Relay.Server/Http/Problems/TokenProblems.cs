using Microsoft.AspNetCore.Http.HttpResults;

namespace Relay.Server.Http.Problems;

/// <summary>Problems of tokens of trusted issuers.</summary>
internal static class TokenProblems
{
    public static ProblemHttpResult WithoutGrant(string detail) => RelayProblems.Problem(403, "token-without-grant", detail);

    public static ProblemHttpResult IssuerUnreachable(string detail) => RelayProblems.Problem(503, "issuer-unreachable", detail);
}
