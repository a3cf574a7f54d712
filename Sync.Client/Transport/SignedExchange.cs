using Shared.Contracts;

namespace Sync.Client.Transport;

/// <summary>A request and its response.</summary>
/// <param name="Problem">What a response of status 401 says; null for every other one.</param>
internal sealed record SignedExchange(HttpResponseMessage Response, RelayProblem? Problem, bool IsSigned)
{
    /// <summary>Why the node is not enrolled; null where it is, or where the problem says more.</summary>
    public Refusal? Refusal { get; init; }
}
