using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Relay.Server.Oci;
using Relay.Server.Tests.Cli;
using Relay.TestKit;

namespace Relay.Server.Tests.Oci;

public sealed class OciReferenceTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("registry.example.com/fraud:3", "registry.example.com", "fraud", "3")]
    [InlineData("registry.example.com:5000/team/fraud:v1.0_a-b", "registry.example.com:5000", "team/fraud", "v1.0_a-b")]
    [InlineData("localhost/fraud:3", "localhost", "fraud", "3")]
    [InlineData("registry:5000/fraud:3", "registry:5000", "fraud", "3")]
    [InlineData("[::1]:5000/fraud@" + Digest, "[::1]:5000", "fraud", Digest)]
    public void TryParse_SoundReference_HasItsParts(string text, string registry, string repository, string version)
    {
        Assert.True(OciReference.TryParse(text, out OciReference? reference));
        Assert.Equal(new OciReference(registry, repository, version), reference);
        Assert.Equal(text, reference.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("fraud:3")]
    [InlineData("team/fraud:3")]
    [InlineData("registry.example.com/fraud")]
    [InlineData("registry.example.com/Fraud:3")]
    [InlineData("registry.example.com/../fraud:3")]
    [InlineData("registry.example.com/fraud:3/x")]
    [InlineData("registry.example.com/fraud:3?a=b")]
    [InlineData("user@registry.example.com/fraud:3")]
    [InlineData("registry.example.com/fraud@sha256:0123")]
    [InlineData("registry.example.com/fraud:3\n")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(OciReference.TryParse(text, out _));

    [Fact]
    public async Task Pull_WithoutTlsFromAnotherMachine_IsRefused()
    {
        using TemporaryFolder folder = new();
        string anchors = folder.Combine("anchors.pem");
        using ECDsa key = ECDsa.Create();
        using X509Certificate2 root = new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(90));
        await File.WriteAllTextAsync(anchors, root.ExportCertificatePem(), TestContext.Current.CancellationToken);

        RelayCommandRun run = await RelayCommandRun.RunAsync(
            "oci", "pull", "registry.example.com/fraud:3", folder.Combine("fraud"), "--anchors", anchors, "--insecure-http");

        Assert.NotEqual(0, run.Code);
        Assert.Contains("--insecure-http is for a registry on this machine", run.Error, StringComparison.Ordinal);
    }
}
