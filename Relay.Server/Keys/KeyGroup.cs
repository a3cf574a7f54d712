using Shared.Contracts.Tuf;

namespace Relay.Server.Keys;

/// <summary>The keys of a role and its threshold: how many of them must sign.</summary>
internal sealed record KeyGroup(IReadOnlyList<VerificationKey> Keys, int Threshold)
{
    private RoleKeys Role => new([.. Keys.Select(key => key.Id)], Threshold);

    private IReadOnlyDictionary<string, VerificationKey> ById => Keys.ToDictionary(key => key.Id, StringComparer.Ordinal);

    public static KeyGroup From(RoleKeys role, IReadOnlyDictionary<string, VerificationKey> keys) =>
        new([.. role.KeyIds.Where(keys.ContainsKey).Select(id => keys[id])], role.Threshold);

    public static KeyGroup FromSigners(IEnumerable<RoleSigner> signers, int threshold) =>
        new([.. signers.Select(signer => signer.Public)], threshold);

    /// <summary>True when keys and threshold are the same.</summary>
    public bool IsSameAs(KeyGroup other) =>
        Threshold == other.Threshold && Keys.Select(key => key.Id).ToHashSet(StringComparer.Ordinal).SetEquals(other.Keys.Select(key => key.Id));

    /// <summary>How many signatures the role can have: one for each key, under however many ids it is listed.</summary>
    public int DistinctKeys => Keys.Where(key => key.IsUsable).DistinctBy(key => key.Identity).Count();

    public bool Has(string keyId) => Keys.Any(key => key.Id == keyId);

    /// <summary>Ids of these keys whose signatures on the file verify, one for each distinct key.</summary>
    public IReadOnlyList<string> SignersOf(UntrustedMetadata file) => file.SignersOf(Role, ById);

    /// <summary>True when enough of the keys have signed the file.</summary>
    public bool ReachesThreshold(UntrustedMetadata file) => SignersOf(file).Count >= Threshold;
}
