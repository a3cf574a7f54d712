using Shared.Contracts.Nodes;

namespace Shared.Contracts.Tests.Nodes;

public sealed class CoveredComponentsTests
{
    private static readonly string Digest = ContentDigest.Create("{}"u8);

    [Theory]
    [InlineData("/a/b", "/a/b", "?")]
    [InlineData("/a/b?", "/a/b", "?")]
    [InlineData("/a?b=1?c", "/a", "?b=1?c")]
    [InlineData("/%61?%20", "/%61", "?%20")]
    public void Create_Target_IsPathAndQueryAsSent(string target, string path, string query)
    {
        CoveredComponents components = CoveredComponents.Create("GET", target, null).Value!;

        Assert.Equal((path, query), (components.Path, components.Query));
    }

    [Theory]
    [InlineData("get", "/")]
    [InlineData("", "/")]
    [InlineData("GET\n", "/")]
    [InlineData("GET", "")]
    [InlineData("GET", "*")]
    [InlineData("GET", "https://relay/v1")]
    [InlineData("GET", "/a\n\"@path\": /b")]
    [InlineData("GET", "/a b")]
    [InlineData("GET", "/ä")]
    [InlineData("GET", "/a\u007f")]
    [Trait("Attack", "signature-form")]
    public void Create_WhatCouldBeReadTwoWays_IsRefused(string method, string target) =>
        Assert.Equal(SignatureFault.Request, CoveredComponents.Create(method, target, null).Refusal?.Fault);

    [Fact]
    public void Create_LongTarget_IsRefused() => Assert.Equal(
        SignatureFault.Request, CoveredComponents.Create("GET", "/" + new string('a', CoveredComponents.MaximumTargetLength), null).Refusal?.Fault);

    [Fact]
    [Trait("Attack", "altered-request")]
    public void Create_DigestWhereThereIsNoBodyAndNoneWhereThereIsOne_IsRefused()
    {
        Assert.True(CoveredComponents.Create("POST", "/", Digest).IsAccepted);
        Assert.Equal(SignatureFault.ContentDigest, CoveredComponents.Create("POST", "/", null).Refusal?.Fault);
        Assert.Equal(SignatureFault.ContentDigest, CoveredComponents.Create("DELETE", "/", null).Refusal?.Fault);
        Assert.Equal(SignatureFault.ContentDigest, CoveredComponents.Create("GET", "/", Digest).Refusal?.Fault);
        Assert.Equal(SignatureFault.ContentDigest, CoveredComponents.Create("HEAD", "/", Digest).Refusal?.Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha-256=:")]
    [InlineData("sha-256=::")]
    [InlineData("sha-512=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:")]
    [InlineData("sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4p=:")]
    [InlineData("sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:, md5=:AAAA:")]
    [InlineData("SHA-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:")]
    [InlineData("sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:\n")]
    [Trait("Attack", "signature-form")]
    public void Create_AnotherFormOfTheDigest_IsRefused(string digest)
    {
        Assert.Equal("sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:", Digest);
        Assert.Equal(SignatureFault.ContentDigest, CoveredComponents.Create("POST", "/", digest).Refusal?.Fault);
        Assert.False(ContentDigest.Matches(digest, "{}"u8));
    }

    [Fact]
    public void Matches_ItsBodyAlone()
    {
        Assert.True(ContentDigest.Matches(Digest, "{}"u8));
        Assert.False(ContentDigest.Matches(Digest, "{ }"u8));
        Assert.False(ContentDigest.Matches(null, ""u8));
    }
}
