using Shared.Contracts;

namespace Sync.Client.Transport;

/// <summary>The outcome of a request that sends something.</summary>
/// <param name="Refusal">Null when the relay accepted it.</param>
/// <param name="Problem">What the relay says of what was sent, where it says so.</param>
internal readonly record struct Sent(Refusal? Refusal, RelayProblem? Problem)
{
    public static readonly Sent Accepted = new(null, null);
}
