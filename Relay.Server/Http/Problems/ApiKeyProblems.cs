using Microsoft.AspNetCore.Http.HttpResults;

namespace Relay.Server.Http.Problems;

/// <summary>Problems of API keys.</summary>
internal static class ApiKeyProblems
{
    public static ProblemHttpResult InvalidApiKey(Dictionary<string, string> errors) =>
        RelayProblems.Invalid("invalid-api-key", "No key was made; 'errors' lists what was expected.", errors);

    public static ProblemHttpResult UnknownApiKey(string detail) => RelayProblems.Problem(404, "unknown-api-key", detail);

    /// <summary>The key was revoked, has expired or was rotated before.</summary>
    public static ProblemHttpResult ApiKeyEnded(string detail) => RelayProblems.Problem(409, "api-key-ended", detail);

    public static ProblemHttpResult LastAdminKey(string detail) => RelayProblems.Problem(409, "last-admin-key", detail);

    public static ProblemHttpResult TooManyApiKeys(string detail) => RelayProblems.Problem(409, "too-many-api-keys", detail);
}
