using System.Text;
using System.Text.Json;
using Relay.Server.Fleet.Intervals;
using Relay.Server.History.Trust;
using Relay.Server.Storage;
using Shared.Contracts.Api;
using Shared.Contracts.Nodes;

namespace Relay.Server.History;

/// <summary>A report that is kept.</summary>
/// <param name="Request">What proves it; null where it is not signed.</param>
internal sealed record KnownReport(long SeenAtMilliseconds, CheckIn CheckIn, string Text, SignedCheckIn? Request)
{
    public DateTimeOffset SeenAt => Instant.FromMilliseconds(SeenAtMilliseconds);

    /// <summary>The same for two reports that may be of one interval.</summary>
    public string State => ReportedState.Create(CheckIn, Request?.PublicKey ?? "");

    /// <summary>What its signature proves; null where it is not signed.</summary>
    public CheckInProof? Proof => field ??= Request is null ? null : CheckInProof.Verify(Request, Encoding.UTF8.GetBytes(Text));

    /// <param name="publicKey">The key that was enrolled at that time; null where none was.</param>
    public static KnownReport Create(string node, StoredReport stored, byte[]? publicKey) => new(
        stored.SeenAt,
        JsonSerializer.Deserialize(stored.CheckIn, RelayApiJson.Default.CheckIn)!,
        stored.CheckIn,
        stored is { Target: { } target, Input: { } input, Signature: { } signature } && publicKey is not null
            ? new SignedCheckIn(
                node, HttpMethods.Post, target, ContentDigest.Create(Encoding.UTF8.GetBytes(stored.CheckIn)), input, signature,
                Convert.ToBase64String(publicKey))
            {
                SeenAt = Instant.FromMilliseconds(stored.SeenAt),
            }
            : null);

    /// <summary>The report for people and programs. A signature that does not verify any more proves nothing: the stored row was altered.</summary>
    public NodeHistoryReport ToView(NodeBelief? belief) => new(SeenAt, CheckIn, Text, Proof?.Holds == true)
    {
        SignedAt = Proof?.SignedAt,
        Request = Request is null ? null : Request with { Timestamp = belief?.Timestamp ?? 0 },
        Belief = belief,
    };
}
