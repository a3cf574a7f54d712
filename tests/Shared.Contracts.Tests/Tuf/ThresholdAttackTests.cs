using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Relay.TestKit.Trust;
using Shared.Contracts.Json;
using Shared.Contracts.Tuf;

namespace Shared.Contracts.Tests.Tuf;

/// <summary>Making one key count as many.</summary>
public sealed class ThresholdAttackTests
{
    [Fact]
    [Trait("Attack", "duplicate-signature")]
    public async Task Refresh_OneKeySignsTwice_IsRefused()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        JsonNode file = JsonNode.Parse(scene.Wire.Serve(MisbehavingRepository.TimestampPath)!)!;
        JsonArray signatures = file["signatures"]!.AsArray();
        signatures.Add(signatures[0]!.DeepClone());
        scene.Wire.Replace(MisbehavingRepository.TimestampPath, Encoding.UTF8.GetBytes(file.ToJsonString()));
        scene.AssertRefused(RefusalReason.MetadataMalformed);
    }

    [Fact]
    [Trait("Attack", "two-ids-one-key")]
    public async Task Refresh_OneKeyUnderTwoIds_CountsOnce()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        const string alias = "alias";
        scene.Wire.AddRoot(
            root =>
            {
                root["keys"]![alias] = scene.Wire.Keys.Public(RoleNames.Timestamp);
                root["roles"]![RoleNames.Timestamp]!["threshold"] = 2;
                root["roles"]![RoleNames.Timestamp]!["keyids"]!.AsArray().Add(alias);
            },
            "root-1", "root-2");
        JsonNode file = JsonNode.Parse(scene.Wire.Serve(MisbehavingRepository.TimestampPath)!)!;
        JsonNode twin = file["signatures"]![0]!.DeepClone();
        twin["keyid"] = alias;
        file["signatures"]!.AsArray().Add(twin);
        scene.Wire.Replace(MisbehavingRepository.TimestampPath, Encoding.UTF8.GetBytes(file.ToJsonString()));
        Assert.Equal(RefusalReason.MetadataSignature, scene.Refresh()?.Reason);
    }

    [Fact]
    [Trait("Attack", "two-ids-one-key")]
    public async Task Refresh_OneKeyInTwoSpellings_CountsOnce()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        JsonObject respelled = scene.Wire.Keys.Public(RoleNames.Timestamp);
        respelled["keyval"]!["public"] = respelled["keyval"]!["public"]!.GetValue<string>().Replace("\n", "\r\n", StringComparison.Ordinal);
        VerificationKey plain = Read(scene.Wire.Keys.Public(RoleNames.Timestamp));
        Assert.Equal(plain.Identity, Read(respelled).Identity);
        Assert.NotEqual(plain.PublicText, Read(respelled).PublicText);
    }

    [Theory]
    [InlineData("explicit parameters")]
    [InlineData("another block before it")]
    [InlineData("text before it")]
    [InlineData("compressed point")]
    [Trait("Attack", "two-ids-one-key")]
    public async Task Refresh_OneKeyInAnotherEncodingUnderASecondId_DoesNotReachAThresholdOfTwo(string encoding)
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        JsonObject respelled = scene.Wire.Keys.Public(RoleNames.Timestamp);
        respelled["keyval"]!["public"] = Reencode(respelled["keyval"]!["public"]!.GetValue<string>(), encoding);
        scene.Wire.AddRoot(
            root =>
            {
                root["keys"]!["alias"] = respelled;
                root["roles"]![RoleNames.Timestamp]!["threshold"] = 2;
                root["roles"]![RoleNames.Timestamp]!["keyids"]!.AsArray().Add("alias");
            },
            "root-1", "root-2");
        JsonNode file = JsonNode.Parse(scene.Wire.Serve(MisbehavingRepository.TimestampPath)!)!;
        JsonNode twin = file["signatures"]![0]!.DeepClone();
        twin["keyid"] = "alias";
        file["signatures"]!.AsArray().Add(twin);
        scene.Wire.Replace(MisbehavingRepository.TimestampPath, Encoding.UTF8.GetBytes(file.ToJsonString()));

        Assert.Equal(RefusalReason.MetadataSignature, scene.Refresh()?.Reason);
    }

    [Fact]
    public async Task Refresh_SameKeyIdTwiceInARole_IsRefused()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        scene.Wire.AddRoot(
            root => root["roles"]![RoleNames.Timestamp]!["keyids"]!.AsArray().Add(scene.Wire.Keys.Id(RoleNames.Timestamp)), "root-1", "root-2");
        scene.AssertRefused(RefusalReason.MetadataMalformed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [Trait("Attack", "threshold-zero")]
    public async Task Refresh_ThresholdUnderOne_IsRefused(int threshold)
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        scene.Wire.AddRoot(root => root["roles"]![RoleNames.Targets]!["threshold"] = threshold, "root-1", "root-2");
        scene.AssertRefused(RefusalReason.MetadataMalformed);
    }

    [Fact]
    [Trait("Attack", "threshold-zero")]
    public async Task Refresh_DelegationWithThresholdZero_IsRefused()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        scene.Wire.Forge(
            RoleNames.Targets,
            signed =>
            {
                signed["version"] = 99;
                signed["delegations"]!["roles"]![0]!["threshold"] = 0;
            },
            RoleNames.Targets);
        scene.AssertForgeryRefused(RefusalReason.MetadataMalformed);
    }

    [Fact]
    public async Task Refresh_ThresholdOfTwoWithOneSignature_IsRefused()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        scene.Wire.AddRoot(
            root =>
            {
                scene.Wire.Grant(root, RoleNames.Timestamp, "second", only: false);
                root["roles"]![RoleNames.Timestamp]!["threshold"] = 2;
            },
            "root-1", "root-2");
        Assert.Equal(RefusalReason.MetadataSignature, scene.Refresh()?.Reason);

        scene.Wire.Forge(RoleNames.Timestamp, signed => signed["version"] = 99, RoleNames.Timestamp, "second");
        Assert.Null(scene.Refresh());
    }

    [Fact]
    public async Task Refresh_KeyOfUnknownScheme_IsIgnoredNotFatal()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        scene.Wire.AddRoot(
            root =>
            {
                root["keys"]!["future"] = JsonNode.Parse("""{"keytype":"lattice","scheme":"lattice-7","keyval":{"public":"?"}}""");
                root["roles"]![RoleNames.Timestamp]!["keyids"]!.AsArray().Add("future");
            },
            "root-1", "root-2");
        Assert.Null(scene.Refresh());
    }

    private static string Reencode(string pem, string encoding)
    {
        using ECDsa key = ECDsa.Create();
        key.ImportFromPem(pem);
        return encoding switch
        {
            "explicit parameters" => Explicit(key),
            "another block before it" => "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + pem,
            "text before it" => "the key of the timestamp\n" + pem,
            "compressed point" => PemEncoding.WriteString("PUBLIC KEY", Compressed(key)),
            _ => throw new ArgumentOutOfRangeException(nameof(encoding)),
        };
    }

    private static string Explicit(ECDsa key)
    {
        using ECDsa explicitly = ECDsa.Create(key.ExportExplicitParameters(false));
        return explicitly.ExportSubjectPublicKeyInfoPem();
    }

    private static byte[] Compressed(ECDsa key)
    {
        ECPoint point = key.ExportParameters(false).Q;
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.10045.2.1");
                writer.WriteObjectIdentifier(ECCurve.NamedCurves.nistP256.Oid.Value!);
            }

            writer.WriteBitString([(byte)(2 + (point.Y![^1] & 1)), .. point.X!]);
        }

        return writer.Encode();
    }

    private static VerificationKey Read(JsonObject key) =>
        VerificationKey.Read("id", System.Text.Json.JsonSerializer.SerializeToElement(key));
}
