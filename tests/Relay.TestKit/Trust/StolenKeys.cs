using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Relay.Server.Keys;
using Relay.Server.Repository;
using Shared.Contracts.Json;
using Shared.Contracts.Tuf;

namespace Relay.TestKit.Trust;

/// <summary>
/// The private keys of a repository by name, as an attacker or a ceremony would use them: <c>root-1</c> to <c>root-3</c> and the
/// roles' own. Any other name is a new key, made when first asked for.
/// </summary>
public sealed class StolenKeys : IDisposable
{
    private readonly Dictionary<string, RoleSigner> _known;
    private readonly List<RoleSigner> _made = [];

    public StolenKeys(SigningKeys keys)
    {
        _known = new(StringComparer.Ordinal);
        foreach (string role in (string[])[RoleNames.Targets, RoleNames.Channels, RoleNames.Snapshot, RoleNames.Timestamp])
        {
            if (keys.ForRole(role) is [RoleSigner held, ..])
            {
                _known.Add(role, held);
            }
        }

        foreach ((int index, RoleSigner root) in keys.ForRole(RoleNames.Root).Index())
        {
            _known.Add($"root-{index + 1}", root);
        }
    }

    public string Id(string name) => Signer(name).KeyId;

    /// <summary>The public key as root and delegations list it.</summary>
    public JsonObject Public(string name) => MetadataWriter.Key(Signer(name).Public);

    public byte[] Sign(JsonObject signed, params IEnumerable<string> names) => MetadataWriter.Sign(signed, names.Select(Signer));

    public void Dispose() => _made.ForEach(signer => signer.Dispose());

    private RoleSigner Signer(string name)
    {
        if (!_known.TryGetValue(name, out RoleSigner? signer))
        {
            signer = new(ECDsa.Create(ECCurve.NamedCurves.nistP256));
            _known.Add(name, signer);
            _made.Add(signer);
        }

        return signer;
    }
}
