using System.Security.Cryptography;
using Relay.Server.Keys;
using Relay.Server.Keys.Encryption;
using Relay.Server.Repository;
using Relay.Server.Tests.Cli;
using Relay.TestKit;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Keys;

/// <summary>Keys of people that are made under a passphrase.</summary>
public sealed class EncryptedOfflineKeysTests : IDisposable
{
    private static readonly string[] KeysOfTheRelay = ["channels", "snapshot", "timestamp", "cms-signer"];

    private readonly TemporaryFolder _folder = new();

    public EncryptedOfflineKeysTests() => File.WriteAllText(Passphrase, "correct horse battery staple\n");

    private string Passphrase => _folder.Combine("passphrase");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Init_WithAPassphrase_OfflineKeysAreEncryptedAndSign()
    {
        string ceremony = _folder.Combine("ceremony");

        RelayCommandRun made = await RelayCommandRun.RunAsync(
            "keys", "init", ceremony, "--root-keys", "1", "--root-threshold", "1", "--key-passphrase-file", Passphrase);
        RelayCommandRun signed = await RelayCommandRun.RunAsync(
            "sign", Path.Combine(ceremony, "online", "1.targets.json"), "--key", Path.Combine(ceremony, "offline", "targets-1.pem"));
        RelayCommandRun issued = await RelayCommandRun.RunAsync(
            "issue-signer", "--root", Path.Combine(ceremony, "offline", "cms-root.pem"), "--root-key",
            Path.Combine(ceremony, "offline", "cms-root-key.pem"), "--public-key", await PublicKeyAsync(), "--out", _folder.Combine("signer.pem"));

        Assert.All([made, signed, issued], run => Assert.True(run.Code == 0, run.Error));
        Assert.Contains(Passphrase, made.Output, StringComparison.Ordinal);
        string[] offline = [.. Directory.GetFiles(Path.Combine(ceremony, "offline"), "*.pem").Select(File.ReadAllText).Where(KeyPem.HasKey)];
        Assert.Equal(3, offline.Length);
        Assert.All(offline, text => Assert.True(KeyPem.IsEncrypted(text)));
        using SigningKeys online = (await KeyStore.OpenAsync(
            _folder.Combine("data/keys"), TimeProvider.System, CancellationToken.None, Path.Combine(ceremony, "online"))).Keys;
    }

    [Fact]
    public void Ceremony_WithAPassphrase_NeverWritesAPlainOfflineKey()
    {
        List<string> seen = [];
        string ceremony = _folder.Combine("ceremony");
        DurableFiles files = new(afterStep: step => seen.AddRange(
            !step.IsRename ? [] : Directory.EnumerateFiles(_folder.FullPath, "*.pem*", SearchOption.AllDirectories)
                .Where(path => !KeysOfTheRelay.Any(name => Path.GetFileName(path).StartsWith(name, StringComparison.Ordinal)))
                .Select(File.ReadAllText).Where(KeyPem.HasKey)));

        KeyCeremony.Create(ceremony, new(1, 1, 1, 1), TimeProvider.System.GetUtcNow(), files, Passphrase);

        Assert.NotEmpty(seen);
        Assert.All(seen, text => Assert.True(KeyPem.IsEncrypted(text)));
    }

    [Fact]
    public async Task Init_PassphraseThatIsTooShort_CreatesNothing()
    {
        await File.WriteAllTextAsync(_folder.Combine("short"), "secret\n", TestContext.Current.CancellationToken);

        RelayCommandRun refused = await RelayCommandRun.RunAsync(
            "keys", "init", _folder.Combine("ceremony"), "--key-passphrase-file", _folder.Combine("short"));

        Assert.NotEqual(0, refused.Code);
        Assert.False(Directory.Exists(_folder.Combine("ceremony")));
    }

    [Fact]
    public async Task CreateAndCreateCms_WithAPassphrase_KeysAreEncryptedAndOpenByIt()
    {
        string key = _folder.Combine("root-4.pem");
        string cms = _folder.Combine("cms");
        string metadata = _folder.Combine("ceremony/online/1.root.json");

        RelayCommandRun[] runs =
        [
            await RelayCommandRun.RunAsync("keys", "init", _folder.Combine("ceremony")),
            await RelayCommandRun.RunAsync("keys", "create", key, "--key-passphrase-file", Passphrase),
            await RelayCommandRun.RunAsync("keys", "create-cms", cms, "--key-passphrase-file", Passphrase),
            await RelayCommandRun.RunAsync("sign", metadata, "--key", key, "--key-passphrase-file", Passphrase),
            await RelayCommandRun.RunAsync(
                "issue-signer", "--root", Path.Combine(cms, "cms-root.pem"), "--root-key", Path.Combine(cms, "cms-root-key.pem"),
                "--key-passphrase-file", Passphrase, "--public-key", await PublicKeyAsync(), "--out", _folder.Combine("signer.pem")),
        ];

        Assert.All(runs, run => Assert.True(run.Code == 0, run.Error));
        Assert.All([key, Path.Combine(cms, "cms-root-key.pem")], path => Assert.True(KeyPem.IsEncrypted(File.ReadAllText(path))));

        // The relay takes the signer, and does not have this passphrase.
        Assert.False(KeyPem.IsEncrypted(await File.ReadAllTextAsync(Path.Combine(cms, "cms-signer.pem"), TestContext.Current.CancellationToken)));
    }

    private async Task<string> PublicKeyAsync()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string path = _folder.Combine("hsm.pub.pem");
        await File.WriteAllTextAsync(path, key.ExportSubjectPublicKeyInfoPem(), TestContext.Current.CancellationToken);
        return path;
    }
}
