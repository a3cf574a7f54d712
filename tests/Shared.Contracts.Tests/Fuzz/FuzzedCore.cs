using System.Text.Json.Nodes;
using Relay.TestKit.Trust;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Shared.Contracts.Tests.Fuzz;

/// <summary>
/// A trust core that waits for a given role, with all before it taken in. The metadata that lead to that role name its version
/// only, no length and no digest, so that an altered file gets as far as it can.
/// </summary>
internal sealed class FuzzedCore
{
    private static readonly string[] InOrder =
        [RoleNames.Root, RoleNames.Timestamp, RoleNames.Snapshot, RoleNames.Targets, RoleNames.Channels];

    private readonly byte[] _firstRoot;
    private readonly DateTimeOffset _at;
    private readonly string _role;
    private readonly Dictionary<string, byte[]> _honest;
    private TrustedMetadata _core;
    private int _refused;

    private FuzzedCore(byte[] firstRoot, DateTimeOffset at, string role, Dictionary<string, byte[]> honest)
    {
        (_firstRoot, _at, _role, _honest) = (firstRoot, at, role, honest);
        _core = Open();
    }

    public byte[] Honest => _honest[_role];

    /// <summary>One for each role, in the order of an update.</summary>
    public static FuzzedCore[] OfAllRoles(TestRepository repository, MisbehavingRepository wire)
    {
        wire.AddRoot(_ => { }, "root-1", "root-2");
        Dictionary<string, byte[]> honest = InOrder.ToDictionary(role => role, role => Sign(wire, role, VersionsOnly(wire.Signed(role))));
        return [.. InOrder.Select(role => new FuzzedCore(repository.FirstRoot, repository.Clock.GetUtcNow(), role, honest))];
    }

    public static byte[] Sign(MisbehavingRepository wire, string role, JsonObject signed) =>
        wire.Keys.Sign(signed, role == RoleNames.Root ? ["root-1", "root-2"] : [role]);

    /// <summary>Offers a file of the role. A refusal must leave the core as it was, and able to take the honest file.</summary>
    /// <returns>True when it was taken.</returns>
    public bool Offer(byte[] file)
    {
        (object?, object?, object?, object?) before = State();
        if (Take(_core, _role, file) is { } refusal)
        {
            Assert.Equal(before, State());
            Assert.NotEmpty(refusal.Detail);
            if (++_refused % 64 == 0)
            {
                Assert.Null(Take(_core, _role, Honest));
                _core = Open();
            }

            return false;
        }

        _ = _core.Targets is null ? null : _core.Find(TargetPaths.Model("threat", 1));
        _core = Open();
        return true;
    }

    private static JsonObject VersionsOnly(JsonObject signed)
    {
        foreach ((string _, JsonNode? listed) in signed["meta"]?.AsObject() ?? [])
        {
            listed!.AsObject().Remove("length");
            listed.AsObject().Remove("hashes");
        }

        return signed;
    }

    private (object?, object?, object?, object?) State() =>
        (_core.Root, _core.Timestamp, _core.Snapshot, _role == RoleNames.Channels ? _core.Held(RoleNames.Channels) : _core.Targets);

    private TrustedMetadata Open()
    {
        TrustedMetadata core = TrustedMetadata.Create(_firstRoot, _at).ValueOrThrow();
        foreach (string role in InOrder.TakeWhile(r => r != _role))
        {
            Assert.Null(Take(core, role, _honest[role]));
        }

        return core;
    }

    private static Refusal? Take(TrustedMetadata core, string role, byte[] file) => role switch
    {
        RoleNames.Root => core.UpdateRoot(file),
        RoleNames.Timestamp => core.UpdateTimestamp(file),
        RoleNames.Snapshot => core.UpdateSnapshot(file),
        RoleNames.Targets => core.UpdateTargets(file),
        _ => core.UpdateDelegated(file, role, RoleNames.Targets),
    };
}
