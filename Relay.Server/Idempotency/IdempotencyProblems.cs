using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http.Problems;
using Shared.Contracts.Api;

namespace Relay.Server.Idempotency;

internal static class IdempotencyProblems
{
    public static ProblemHttpResult Invalid() => RelayProblems.Problem(
        400, "invalid-idempotency-key",
        $"Give {Routes.IdempotencyKeyHeader} once, as 1 to {IdempotentRequests.MaximumKey} printable ASCII characters, such as a UUID.");

    public static ProblemHttpResult Reused() => RelayProblems.Problem(
        422, "idempotency-key-reused", "Nothing was done: this key was sent with another request within a day. Make a new key for each request.");

    public static ProblemHttpResult InProgress() => RelayProblems.Problem(
        409, "request-in-progress", "The request with this key is still being answered: send it again after the time of the Retry-After header.");

    public static ProblemHttpResult OutcomeUnknown() => RelayProblems.Problem(
        409, "outcome-unknown",
        "The relay ended before it answered the request with this key, and does not know how far it came: look at what it was to change, then send "
        + "what is left with a new key.");

    public static ProblemHttpResult NotKept(int status) => RelayProblems.Problem(
        409, "answer-not-kept",
        $"The request with this key was answered before, with status {status}. Its answer is not kept, since it has a secret or is too large: read "
        + "what it made, or make it again with a new key.");
}
