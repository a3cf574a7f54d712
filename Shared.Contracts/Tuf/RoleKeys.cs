using System.Text.Json;
using Shared.Contracts.Json;

namespace Shared.Contracts.Tuf;

/// <summary>The keys of a role, and how many of them must sign.</summary>
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

        if (!ids.All(DisplayText.IsPlain))
        {
            throw new JsonException("a key id has invisible characters");
        }

        return new(ids, (int)Math.Min(role.Integer("threshold", 1), int.MaxValue));
    }

    /// <summary>
    /// TUF 5.3.4, 5.4.2, 5.5.3, 5.6.3: a threshold of the role's keys has signed. Distinct keys count, not ids: one key that is
    /// listed under two ids has one vote. Signatures that cannot be verified here have no vote; where they might have reached the
    /// threshold, the refusal names their schemes.
    /// </summary>
    internal Refusal? Check(
        SignedEnvelope envelope, IReadOnlyDictionary<string, VerificationKey> keys, string subject, Ed25519? ed25519 = null)
    {
        ed25519 ??= Ed25519.System;
        int votes = Signers(envelope, keys, ed25519).Count;
        if (votes >= Threshold)
        {
            return null;
        }

        VerificationKey[] unsupported =
        [
            .. KeyIds.Where(id => envelope.Signatures.ContainsKey(id) && keys.ContainsKey(id)).Select(id => keys[id])
                .Where(key => !key.IsSupportedBy(ed25519)).DistinctBy(key => key.Identity),
        ];
        string missing = $"{votes} of {Threshold} necessary signatures verify";
        return votes + unsupported.Length < Threshold
            ? new(RefusalReason.MetadataSignature, subject, missing)
            : new(RefusalReason.MetadataSchemeUnsupported, subject,
                $"{missing}; this system cannot verify {string.Join(", ", unsupported.Select(key => $"'{key.Scheme}'").Distinct())}");
    }

    /// <summary>The first id of each distinct key of the role whose signature verifies.</summary>
    internal IReadOnlyList<string> Signers(
        SignedEnvelope envelope, IReadOnlyDictionary<string, VerificationKey> keys, Ed25519? ed25519 = null)
    {
        ed25519 ??= Ed25519.System;
        HashSet<string> votes = new(StringComparer.Ordinal);
        List<string> signers = [];
        foreach (string id in KeyIds)
        {
            if (keys.TryGetValue(id, out VerificationKey? key)
                && envelope.Signatures.TryGetValue(id, out byte[]? signature)
                && !votes.Contains(key.Identity)
                && key.Verifies(envelope.SignedBytes, signature, ed25519))
            {
                votes.Add(key.Identity);
                signers.Add(id);
            }
        }

        return signers;
    }
}
