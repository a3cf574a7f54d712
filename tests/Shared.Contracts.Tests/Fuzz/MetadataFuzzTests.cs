using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.TestKit.Fuzz;
using Relay.TestKit.Trust;
using Shared.Contracts.Cms;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;
using Shared.Contracts.Tests.Tuf;
using Shared.Contracts.Tuf;

namespace Shared.Contracts.Tests.Fuzz;

/// <summary>Altered metadata of every role, with the signatures that the honest file had and with new right ones.</summary>
[Collection(FuzzTests.Name)]
public sealed class MetadataFuzzTests
{
    [Fact]
    [Trait("Attack", "malformed-json")]
    [Trait("Attack", "flipped-byte")]
    public async Task Update_AlteredMetadata_IsRefusedByTypeOrMeansTheSame()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        FuzzedCore[] cores = FuzzedCore.OfAllRoles(scene.Honest, scene.Wire);
        int taken = 0;

        FuzzRun.ForAll(5600, JsonMutator.Apply, [.. cores.Select(c => c.Honest)], (role, file) =>
        {
            if (cores[role].Offer(file))
            {
                taken++;
                Assert.Equal(SignedEnvelope.Parse(cores[role].Honest).SignedBytes, SignedEnvelope.Parse(file).SignedBytes);
            }
        });

        // White space, other spellings and unsigned members: without some of these nothing came through to be compared.
        Assert.NotEqual(0, taken);
    }

    [Fact]
    [Trait("Attack", "malformed-json")]
    [Trait("Attack", "one-layer-stolen")]
    public async Task Update_AlteredMetadataThatIsRightlySigned_IsRefusedByTypeOrTaken()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        FuzzedCore[] cores = FuzzedCore.OfAllRoles(scene.Honest, scene.Wire);
        string[] roles = [RoleNames.Root, RoleNames.Timestamp, RoleNames.Snapshot, RoleNames.Targets, RoleNames.Channels];
        int taken = 0;

        FuzzRun.ForAll(3000, JsonMutator.Apply, [.. cores.Select(c => Signed(c.Honest))], (role, signed) =>
            taken += cores[role].Offer(SignAnew(scene.Wire, roles[role], signed)) ? 1 : 0);

        Assert.NotEqual(0, taken);
    }

    [Fact]
    [Trait("Attack", "malformed-json")]
    [Trait("Attack", "malformed-asn1")]
    public async Task Read_AlteredDocument_IsRefusedByTypeOrTaken()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        string[] paths = [TargetPaths.Release(1), TargetPaths.Channel("stable"), TargetPaths.Policy, TargetPaths.Anchors];
        byte[][] valid = [.. paths.Select(p => scene.Wire.Serve(scene.Wire.TargetPath(p))!)];

        FuzzRun.ForAll(3000, JsonMutator.Apply, valid, (document, file) =>
        {
            (bool taken, Refusal? refusal) = document switch
            {
                0 => Outcome(ReleaseManifest.Read(file, 1)),
                1 => Outcome(ChannelManifest.Read(file, "stable")),
                2 => Outcome(TrustPolicy.Read(file)),
                _ => Outcome(TrustAnchors.Read(file)),
            };
            Assert.Equal(taken, refusal is null);
        });
    }

    private static (bool, Refusal?) Outcome<T>(Result<T> result)
        where T : class => (result.IsAccepted, result.Refusal);

    private static byte[] Signed(byte[] file) => Encoding.UTF8.GetBytes(JsonDocument.Parse(file).RootElement.GetProperty("signed").GetRawText());

    // What has no canonical form cannot be signed; it goes out as it is.
    private static byte[] SignAnew(MisbehavingRepository wire, string role, byte[] signed)
    {
        try
        {
            return FuzzedCore.Sign(wire, role, JsonNode.Parse(signed)!.AsObject());
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or FormatException or NullReferenceException)
        {
            return [.. "{\"signatures\":[],\"signed\":"u8, .. signed, .. "}"u8];
        }
    }
}
