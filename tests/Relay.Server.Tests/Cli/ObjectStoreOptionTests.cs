using System.CommandLine;
using Relay.Server.Cli;
using Relay.Server.ObjectStore;
using Relay.TestKit;
using Relay.TestKit.Trust;

namespace Relay.Server.Tests.Cli;

public sealed class ObjectStoreOptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_WithoutTheOption_IsNone() => Assert.Null(Read());

    [Fact]
    public void Read_AllSettings_AreThoseOfTheFileAndTheSecretsOfTheirs()
    {
        File.WriteAllText(_folder.Combine("id"), " AKIA \n");
        File.WriteAllText(_folder.Combine("secret"), "s3cr3t\n");

        ObjectStoreSettings settings = ReadFile(
            $$"""
            { // Ceph in our own rack
              "endpoint": "https://s3.example.com:7480", "region": "eu-1", "bucket": "models", "prefix": "a/b/", "pathStyle": true,
              "accessKeyIdFile": "{{_folder.Combine("id")}}", "secretAccessKeyFile": "{{_folder.Combine("secret")}}",
            }
            """)!;

        Assert.Equal(new ObjectStoreKey("AKIA", "s3cr3t"), settings.Key);
        Assert.DoesNotContain("s3cr3t", settings.ToString(), StringComparison.Ordinal);
        Assert.Equal("https://s3.example.com:7480/models/a/b/", settings.Name);
        Assert.Equal(("eu-1", true, false), (settings.Region, settings.PathStyle, settings.RedirectTargets));
    }

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("null", "no settings")]
    [InlineData("{}", "bucket:")]
    [InlineData("""{"bucket":"Models"}""", "bucket:")]
    [InlineData("""{"bucket":"models","bukket":1}""", "there is no member 'bukket'")]
    [InlineData("""{"bucket":"models","prefix":"/a/"}""", "prefix:")]
    [InlineData("""{"bucket":"models","prefix":"a"}""", "prefix:")]
    [InlineData("""{"bucket":"models","prefix":"a/../b/"}""", "prefix:")]
    [InlineData("""{"bucket":"models","region":"EU 1"}""", "region:")]
    [InlineData("""{"bucket":"models","endpoint":"s3.example.com"}""", "endpoint:")]
    [InlineData("""{"bucket":"models","endpoint":"ftp://s3.example.com"}""", "endpoint:")]
    [InlineData("""{"bucket":"models","endpoint":"http://s3.example.com"}""", "insecureHttp")]
    [InlineData("""{"bucket":"models","endpoint":"https://s3.example.com/models"}""", "endpoint:")]
    [InlineData("""{"bucket":"models","accessKeyIdFile":"id"}""", "both or none")]
    [InlineData("""{"bucket":"models","accessKeyIdFile":"no","secretAccessKeyFile":"no"}""", "no such file")]
    [InlineData("""{"bucket":"models","redirectSeconds":1}""", "redirectSeconds:")]
    [InlineData("""{"bucket":"models","endpoint":"https://s3.example.com","certificateAuthority":"no"}""", "certificateAuthority: 'no'")]
    public void Read_SettingThatIsNotRight_IsRefusedByName(string json, string named) =>
        Assert.Contains(named, Assert.Throws<CommandException>(() => ReadFile(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public void Read_FileWithoutARootOfTheStore_IsRefused(string pem)
    {
        File.WriteAllText(_folder.Combine("ca.pem"), pem);

        CommandException refused = Assert.Throws<CommandException>(() => ReadFile(
            $$"""{"bucket":"models","endpoint":"https://s3.example.com","certificateAuthority":"{{_folder.Combine("ca.pem")}}"}"""));

        Assert.Contains("certificateAuthority:", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"bucket":"models","certificateAuthority":"FILE"}""")]
    [InlineData("""{"bucket":"models","endpoint":"http://s3.example.com","insecureHttp":true,"certificateAuthority":"FILE"}""")]
    public void Read_AuthorityWithoutAnEndpointThatHasACertificate_IsRefused(string json)
    {
        File.WriteAllText(_folder.Combine("ca.pem"), RepositoryServer.CreateCertificate().ExportCertificatePem());

        CommandException refused = Assert.Throws<CommandException>(
            () => ReadFile(json.Replace("FILE", _folder.Combine("ca.pem"), StringComparison.Ordinal)));

        Assert.Contains("certificateAuthority:", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoFile_IsRefused() => Assert.Throws<CommandException>(() => Read("--object-store", _folder.Combine("missing")));

    private ObjectStoreSettings? ReadFile(string json)
    {
        File.WriteAllText(_folder.Combine("store.json"), json);
        return Read("--object-store", _folder.Combine("store.json"));
    }

    private static ObjectStoreSettings? Read(params string[] arguments)
    {
        ObjectStoreOption option = new();
        RootCommand command = new();
        command.Options.Add(option.Option);
        return option.Read(command.Parse(arguments));
    }
}
