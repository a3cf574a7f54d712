using System.Text.Json;
using Shared.Contracts.Json;

namespace Shared.Contracts.Tuf;

/// <summary>Which keys speak for a role, and how many of them must.</summary>
/// <param name="Threshold">At least 1.</param>
public sealed record RoleKeys(IReadOnlyList<string> KeyIds, int Threshold)
{
    internal static RoleKeys Read(JsonElement role)
    {
        string[] ids = role.Texts("keyids");
        if (ids.Distinct(StringComparer.Ordinal).Count() != ids.Length)
        {
            throw new JsonException("a role lists the same key id twice");
        }

        return new(ids, (int)Math.Min(role.Whole("threshold", 1), int.MaxValue));
    }

    /// <summary>
    /// TUF 5.3.4, 5.4.2, 5.5.3, 5.6.3: a threshold of the role's keys has signed. Distinct keys count, not ids: one key that is
    /// listed under two ids has one vote.
    /// </summary>
    internal Refusal? Check(SignedEnvelope envelope, IReadOnlyDictionary<string, VerificationKey> keys, string subject) =>
        Signers(envelope, keys).Count is var votes && votes >= Threshold
            ? null
            : new(RefusalReason.MetadataSignature, subject, $"{votes} of {Threshold} necessary signatures verify");

    /// <summary>The first id of each distinct key of the role whose signature verifies.</summary>
    internal IReadOnlyList<string> Signers(SignedEnvelope envelope, IReadOnlyDictionary<string, VerificationKey> keys)
    {
        HashSet<string> votes = new(StringComparer.Ordinal);
        List<string> signers = [];
        foreach (string id in KeyIds)
        {
            if (keys.TryGetValue(id, out VerificationKey? key)
                && envelope.Signatures.TryGetValue(id, out byte[]? signature)
                && !votes.Contains(key.Identity)
                && key.Verifies(envelope.SignedBytes, signature))
            {
                votes.Add(key.Identity);
                signers.Add(id);
            }
        }

        return signers;
    }
}
