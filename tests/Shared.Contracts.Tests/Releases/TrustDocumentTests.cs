using System.Text;
using Shared.Contracts.Cms;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;

namespace Shared.Contracts.Tests.Releases;

public sealed class TrustDocumentTests
{
    private const double BucketOfNode1 = 46.32;
    private const string Digest = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Fact]
    public void Read_ReleaseThatWasWritten_IsTheSame()
    {
        ReleaseManifest written = new(
            3, new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), [new("threat", 2, TargetPaths.Model("threat", 2), Digest, 10)]);
        ReleaseManifest read = ReleaseManifest.Read(written.ToJson(), 3).ValueOrThrow();
        Assert.Equal(written.Models, read.Models);
        Assert.Equal("models/threat/2/model.onnx.p7s", read.Models[0].SignaturePath);
    }

    [Theory]
    [InlineData("""{"number":4,"created":"2030-01-01T00:00:00Z","models":[]}""")]
    [InlineData("""{"number":3,"models":[]}""")]
    [InlineData("""{"number":3,"number":3,"created":"2030-01-01T00:00:00Z","models":[]}""")]
    [InlineData("""{"number":3,"created":"2030-01-01T00:00:00Z","models":null}""")]
    [InlineData("""{"number":3,"\ud800":1,"created":"2030-01-01T00:00:00Z","models":[]}""")]
    [InlineData("""{"number":3,"created":"2030-01-01T00:00:00Z","models":[null]}""")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("""{"number":3,"created":"2030-01-01T00:00:00Z","models":[{"name":"../x","version":1,"path":"models/../x/1/model.onnx","sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","length":1}]}""")]
    [InlineData("""{"number":3,"created":"2030-01-01T00:00:00Z","models":[{"name":"x","version":1,"path":"models/y/1/model.onnx","sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","length":1}]}""")]
    [InlineData("""{"number":3,"created":"2030-01-01T00:00:00Z","models":[{"name":"x","version":1,"path":"models/x/1/model.onnx","sha256":"aa","length":1}]}""")]
    [Trait("Attack", "malformed-json")]
    public void Read_ReleaseThatIsNone_IsMalformed(string json)
    {
        Assert.Equal(RefusalReason.ReleaseMalformed, ReleaseManifest.Read(Encoding.UTF8.GetBytes(json), 3).Refusal?.Reason);
    }

    [Fact]
    public void Read_DocumentsWithMembersOfANewerVersion_KeepTheRest()
    {
        ReleaseManifest release = ReleaseManifest.Read(Encoding.UTF8.GetBytes(
            $$"""{"number":3,"created":"2030-01-01T00:00:00Z","more":[1],"models":[{"name":"x","version":1,"path":"models/x/1/model.onnx","sha256":"{{Digest}}","length":1,"kind":"new"}]}"""), 3).ValueOrThrow();
        ChannelManifest channel = ChannelManifest.Read(
            """{"channel":"stable","release":4,"more":1,"candidate":{"release":5,"percentage":1,"salt":"s","more":true}}"""u8, "stable").ValueOrThrow();
        TrustPolicy policy = TrustPolicy.Read(Encoding.UTF8.GetBytes($$"""{"minimumRelease":2,"revoked":["{{Digest}}"],"reasons":[] }""")).ValueOrThrow();

        Assert.Equal(("x", 4, 5), (release.Models[0].Name, channel.Release, channel.Candidate?.Release));
        Assert.NotNull(policy.CheckArtifact("model", Digest));
    }

    [Theory]
    [InlineData("""{"channel":"beta","release":1}""")]
    [InlineData("""{"channel":"stable","release":0}""")]
    [InlineData("""{"channel":"stable","release":1,"candidate":{"release":2,"percentage":101,"salt":"s"}}""")]
    [InlineData("""{"channel":"stable","release":1,"candidate":{"release":2,"percentage":1}}""")]
    [Trait("Attack", "wrong-channel")]
    public void Read_ChannelThatIsNotIt_IsMalformed(string json)
    {
        Assert.Equal(RefusalReason.ReleaseMalformed, ChannelManifest.Read(Encoding.UTF8.GetBytes(json), "stable").Refusal?.Reason);
    }

    [Fact]
    public void Read_ChannelThatWasWritten_IsTheSame()
    {
        ChannelManifest written = new("stable", 4, new(5, 12.5, "salt"));
        ChannelManifest read = ChannelManifest.Read(written.ToJson(), "stable").ValueOrThrow();
        Assert.Equal(written, read);
    }

    [Fact]
    public void ReleaseFor_ManyNodes_TakesAboutThePercentageAndKeepsThem()
    {
        string[] nodes = [.. Enumerable.Range(0, 10_000).Select(i => $"node-{i}")];
        string[] tenth = [.. nodes.Where(node => new ChannelManifest("stable", 1, new(2, 10, "salt")).ReleaseFor(node) == 2)];
        HashSet<string> half = [.. nodes.Where(node => new ChannelManifest("stable", 1, new(2, 50, "salt")).ReleaseFor(node) == 2)];
        Assert.InRange(tenth.Length, 900, 1_100);
        Assert.InRange(half.Count, 4_800, 5_200);
        Assert.All(tenth, node => Assert.Contains(node, half));
        Assert.NotEqual(tenth, nodes.Where(node => new ReleaseCandidate(2, 10, "other").Includes(node)));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(100, 2)]
    public void ReleaseFor_NoneOrAll_TakesNoneOrAll(double percentage, int release) => Assert.All(
        Enumerable.Range(0, 1_000), i => Assert.Equal(release, new ChannelManifest("stable", 1, new(2, percentage, "s")).ReleaseFor($"{i}")));

    [Fact]
    public void Includes_KnownNode_IsStableOverVersions()
    {
        // Computed apart: the first 8 bytes of SHA-256("salt\nnode-1") scaled to 10,000. The format does not change.
        Assert.True(new ReleaseCandidate(2, BucketOfNode1 + 0.01, "salt").Includes("node-1"));
        Assert.False(new ReleaseCandidate(2, BucketOfNode1, "salt").Includes("node-1"));
    }

    [Fact]
    public void Policy_RevokedAndMinimum_AreRefused()
    {
        TrustPolicy policy = TrustPolicy.Read(new TrustPolicy(3, [Digest]).ToJson()).ValueOrThrow();
        Assert.Equal(RefusalReason.ReleaseBelowMinimum, policy.CheckRelease(2)?.Reason);
        Assert.Null(policy.CheckRelease(3));
        Assert.Equal(RefusalReason.ArtifactRevoked, policy.CheckArtifact("model", Digest)?.Reason);
        Assert.Null(policy.CheckArtifact("model", new string('b', 64)));
    }

    [Theory]
    [InlineData("""{"minimumRelease":-1,"revoked":[]}""")]
    [InlineData("""{"minimumRelease":0,"revoked":["x"]}""")]
    [InlineData("""{"minimumRelease":0,"revoked":[null]}""")]
    [InlineData("""{"minimumRelease":0}""")]
    [Trait("Attack", "malformed-json")]
    public void Read_PolicyThatIsNone_IsMalformed(string json)
    {
        Assert.Equal(RefusalReason.ReleaseMalformed, TrustPolicy.Read(Encoding.UTF8.GetBytes(json)).Refusal?.Reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    [Trait("Attack", "malformed-asn1")]
    public void Read_AnchorsWithoutCertificate_AreMalformed(string pem)
    {
        Assert.Equal(RefusalReason.ReleaseMalformed, TrustAnchors.Read(Encoding.ASCII.GetBytes(pem)).Refusal?.Reason);
    }
}
