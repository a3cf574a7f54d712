using System.Security.Cryptography;
using System.Text.Json;
using Relay.Training.Data.Reading;
using Shared.Contracts.Models;

namespace Relay.Training.Federated;

/// <summary>What all owners of a round agree on before any of them sends a sum. Each has a copy of the file; every message names its digest, and
/// is signed.</summary>
public sealed record RoundDocument
{
    /// <summary>With two, each could subtract its own part from a sum, and would have the other's.</summary>
    public const int MinimumOwners = 3;

    public const int MaximumOwners = 64;

    /// <summary>Of a file.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>The smallest bound on the rows of an owner: one with fewer would show the sums of the others.</summary>
    public const int MinMinimumRows = 10;

    /// <summary>The longest <see cref="JoinTime"/> and <see cref="StepTime"/>, 7 days.</summary>
    public const int MaxWaitSeconds = 7 * 86_400;

    /// <summary>A random number, so that no two rounds have one digest.</summary>
    public required string Id { get; init; }

    public required ModelSpec Spec { get; init; }

    /// <summary>The number of the version, which stands in the model file.</summary>
    public required int Version { get; init; }

    /// <summary>The version of this program that all owners run.</summary>
    public required string Program { get; init; }

    /// <summary>SHA-256 of the held-out rows, of which each owner has a copy; lower-case hexadecimal.</summary>
    public required string TestSha256 { get; init; }

    /// <summary>In the order in which their rows count as one file.</summary>
    public required IReadOnlyList<RoundOwner> Owners { get; init; }

    public required ShardAgreement Agreement { get; init; }

    /// <summary>Gates that may fail, with the reason, for all owners.</summary>
    public required IReadOnlyDictionary<string, string> Accepted { get; init; }

    /// <summary>How long owners wait for each other at the start.</summary>
    public required TimeSpan JoinTime { get; init; }

    /// <summary>How long owners wait for each other at a step.</summary>
    public required TimeSpan StepTime { get; init; }

    /// <summary>SHA-256 of the file.</summary>
    public required byte[] Digest { get; init; }

    public string DigestText => Convert.ToHexStringLower(Digest);

    /// <summary>The place of a key among the owners.</summary>
    /// <exception cref="RoundException">It is none of them.</exception>
    public int FindOwner(byte[] publicKey)
    {
        int rank = Owners.Index().FirstOrDefault(o => o.Item.PublicKey.AsSpan().SequenceEqual(publicKey), (-1, null!)).Index;
        return rank >= 0 ? rank : throw new RoundException(
            RoundFault.NotAnOwner,
            $"The public key {Convert.ToBase64String(publicKey)} is none of the round's owners: {string.Join(", ", Owners.Select(o => o.Name))}");
    }

    /// <summary>Reads a round document.</summary>
    /// <exception cref="RoundException">It breaks a rule; the message says which.</exception>
    public static RoundDocument Parse(byte[] file)
    {
        try
        {
            return RoundDocumentReader.Read(file) with { Digest = SHA256.HashData(file) };
        }
        catch (Exception e) when (e is JsonException or ModelSpecException)
        {
            throw new RoundException(RoundFault.InvalidRound, $"The round document is refused: {e.Message}", e);
        }
    }
}
