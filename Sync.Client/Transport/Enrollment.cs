using Shared.Contracts;

namespace Sync.Client.Transport;

/// <summary>The outcome of an enrollment: neither member is set where the relay knows the key now, or is of a version without enrollment.</summary>
/// <param name="Refusal">Why the relay does not enroll the node.</param>
/// <param name="Unanswered">The response of a relay that cannot answer now.</param>
internal sealed record Enrollment(Refusal? Refusal, HttpResponseMessage? Unanswered)
{
    public static readonly Enrollment Accepted = new(null, null);
}
