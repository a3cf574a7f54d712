using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Relay.Server.Keys;
using Relay.Server.Tests.Cli;
using Relay.TestKit;
using Relay.TestKit.Trust;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Keys.Signers;

/// <summary>Keys of people in an HSM: the commands take a signer file where they take the PEM file of a key.</summary>
public sealed class CommandKeyCeremonyTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly CommandKeys _commands = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Ceremony => _folder.Combine("ceremony");

    private string Targets => Path.Combine(Ceremony, "online", "1.targets.json");

    public async ValueTask InitializeAsync() => Assert.SkipUnless(await OpenSsl.IsInstalledAsync(), "openssl is not installed.");

    public ValueTask DisposeAsync()
    {
        _commands.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Init_KeysThatExist_AreInTheRootAndSignIt()
    {
        string root = _commands.Create(_folder.FullPath, "root-a");
        string targets = _commands.Create(_folder.FullPath, "targets-a");

        RelayCommandRun made = await RelayCommandRun.RunAsync(
            "keys", "init", Ceremony, "--root-keys", "2", "--root-key", root, "--targets-key", targets);

        Assert.True(made.Code == 0, made.Error);
        Assert.Equal(
            ["cms-root-key.pem", "cms-root.pem", "root-1.pem"],
            Directory.GetFiles(Path.Combine(Ceremony, "offline")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.Equal([KeyFolder.ReadId(targets)], await SignersAsync(Targets));
        Assert.Contains(KeyFolder.ReadId(root), await SignersAsync(Path.Combine(Ceremony, "online", "1.root.json")));
        using SigningKeys online = (await KeyStore.OpenAsync(
            _folder.Combine("data/keys"), TimeProvider.System, Cancel, Path.Combine(Ceremony, "online"))).Keys;
    }

    [Theory]
    [InlineData("--root-key", "a", "--targets-key", "a")]
    [InlineData("--root-key", "a", "--root-key", "a")]
    [InlineData("--targets-key", "a", "--targets-key", "b")]
    [InlineData("--targets-key", "broken", null, null)]
    public async Task Init_KeysThatCannotBe_CreatesNothing(string first, string firstKey, string? second, string? secondKey)
    {
        _commands.Create(_folder.FullPath, "a");
        _commands.Create(_folder.FullPath, "b");
        _commands.Create(_folder.FullPath, "broken");
        CommandKeys.Write(_folder.FullPath, "broken", "false");
        string At(string name) => _folder.Combine(name + ".signer.json");

        RelayCommandRun refused = await RelayCommandRun.RunAsync(
            ["keys", "init", Ceremony, first, At(firstKey), .. second is null ? (string[])[] : [second, At(secondKey!)]]);

        Assert.Equal(1, refused.Code);
        Assert.False(Directory.Exists(Ceremony));
        Assert.False(Directory.Exists(Ceremony + ".new"));
    }

    [Fact]
    public async Task Sign_KeyOfACommand_AddsItsSignature()
    {
        string signer = _commands.Create(_folder.FullPath, "targets-9");
        Assert.Equal(0, (await RelayCommandRun.RunAsync("keys", "init", Ceremony)).Code);

        RelayCommandRun signed = await RelayCommandRun.RunAsync("sign", Targets, "--key", signer);
        RelayCommandRun withPassphrase = await RelayCommandRun.RunAsync("sign", Targets, "--key", signer, "--key-passphrase-file", signer);

        Assert.True(signed.Code == 0, signed.Error);
        Assert.Equal(1, withPassphrase.Code);
        Assert.Contains(KeyFolder.ReadId(signer), await SignersAsync(Targets));
    }

    [Fact]
    public async Task Sign_CommandThatFails_LeavesTheFile()
    {
        _commands.Create(_folder.FullPath, "targets-9");
        string broken = CommandKeys.Write(_folder.FullPath, "targets-9", "sh", "-c", "echo wrong PIN >&2; exit 1");
        Assert.Equal(0, (await RelayCommandRun.RunAsync("keys", "init", Ceremony)).Code);
        byte[] before = await File.ReadAllBytesAsync(Targets, Cancel);

        RelayCommandRun refused = await RelayCommandRun.RunAsync("sign", Targets, "--key", broken);

        Assert.Equal(1, refused.Code);
        Assert.Contains("wrong PIN", refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Targets, Cancel));
    }

    [Fact]
    public async Task CreateCmsAndIssueSigner_RootOfACommand_SignerIsUnderIt()
    {
        string root = _commands.Create(_folder.FullPath, "cms-root");
        _commands.Create(_folder.FullPath, "signer");
        string cms = _folder.Combine("cms");
        string[] issue =
        [
            "issue-signer", "--root", Path.Combine(cms, "cms-root.pem"), "--public-key", _folder.Combine("signer.pub.pem"),
            "--out", _folder.Combine("signer.pem"),
        ];

        RelayCommandRun made = await RelayCommandRun.RunAsync("keys", "create-cms", cms, "--root-key", root);
        RelayCommandRun other = await RelayCommandRun.RunAsync([.. issue, "--root-key", _folder.Combine("signer.signer.json")]);
        RelayCommandRun issued = await RelayCommandRun.RunAsync([.. issue, "--root-key", root]);

        Assert.True(made.Code == 0, made.Error);
        Assert.True(issued.Code == 0, issued.Error);
        Assert.Equal(1, other.Code);
        Assert.False(File.Exists(Path.Combine(cms, "cms-root-key.pem")));
        foreach (string signer in (string[])[_folder.Combine("signer.pem"), Path.Combine(cms, "cms-signer.pem")])
        {
            CommandRun verified = (await CommandRun.TryAsync(
                "openssl", ["verify", "-no-CApath", "-CAfile", Path.Combine(cms, "cms-root.pem"), signer]))!;
            Assert.True(verified.ExitCode == 0, verified.Errors);
        }

        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(cms, "cms-root.pem"));
        using ECDsa key = certificate.GetECDsaPublicKey()!;
        Assert.Equal(KeyFolder.ReadId(root), VerificationKey.FromEcdsa(key.ExportSubjectPublicKeyInfoPem()).Id);
    }

    private static async Task<string[]> SignersAsync(string file)
    {
        using JsonDocument signed = JsonDocument.Parse(await File.ReadAllBytesAsync(file, Cancel));
        return [.. signed.RootElement.GetProperty("signatures").EnumerateArray().Select(s => s.GetProperty("keyid").GetString()!)];
    }
}
