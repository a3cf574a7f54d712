using Relay.Server.Keys.Signers;
using Relay.TestKit;

namespace Relay.Server.Tests.Keys.Signers;

public sealed class SignerSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_NoFile_IsTheRelaysOwnKey() => Assert.Equal(new SignerSettings(), SignerSettings.Read(_folder.Combine("signer.json")));

    [Fact]
    public void Read_RelativeNames_AreInItsFolder()
    {
        SignerSettings settings = Read("""
            { "kind": "command", "certificate": "signer.pem", "command": ["sign"], "timestampAuthority": "http://tsa.example/",
              "timestampAnchors": "/etc/tsa.pem" }
            """);
        Assert.Equal(
            (_folder.Combine("signer.pem"), "/etc/tsa.pem", 10),
            (settings.Certificate, settings.TimestampAnchors, settings.TimeoutSeconds));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{ "kind": "hsm" }""")]
    [InlineData("""{ "kind": "pkcs12" }""")]
    [InlineData("""{ "file": "x.p12" }""")]
    [InlineData("""{ "passwordFile": "x" }""")]
    [InlineData("""{ "kind": "command", "certificate": "signer.pem" }""")]
    [InlineData("""{ "kind": "command", "command": ["sign"] }""")]
    [InlineData("""{ "kind": "command", "certificate": "signer.pem", "command": [] }""")]
    [InlineData("""{ "command": ["sign"] }""")]
    [InlineData("""{ "publicKey": "key.pem" }""")]
    [InlineData("""{ "kind": "command", "certificate": "c", "publicKey": "key.pem", "command": ["sign"] }""")]
    [InlineData("""{ "kind": "command", "certificate": "c", "command": ["sign"], "timeoutSeconds": 301 }""")]
    [InlineData("""{ "timestampAuthority": "ftp://tsa.example/" }""")]
    [InlineData("""{ "timestampAuthority": "tsa" }""")]
    [InlineData("""{ "tsa": "http://tsa.example/" }""")]
    [InlineData("""{ "kind": "file", "kind": "file" }""")]
    public void Read_WrongSettings_Throws(string json) => Assert.Throws<SigningException>(() => Read(json));

    private SignerSettings Read(string json)
    {
        File.WriteAllText(_folder.Combine("signer.json"), json);
        return SignerSettings.Read(_folder.Combine("signer.json"));
    }
}
