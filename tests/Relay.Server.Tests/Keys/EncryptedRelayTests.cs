using System.Net;
using Relay.Server.Keys;
using Relay.Server.Keys.Encryption;
using Relay.Server.Tests.Cli;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Keys;

/// <summary>A relay whose keys are under a passphrase: what it does with them, and what commands do.</summary>
public sealed class EncryptedRelayTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public EncryptedRelayTests() => File.WriteAllText(Passphrase, "correct horse battery staple\n");

    private string Passphrase => _folder.Combine("passphrase");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Relay_KeysEncryptedWhileItRuns_SignsRotatesAndStartsAgain()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        string[] data = ["--data", relay.DataFolder];

        RelayCommandRun encrypted = await RelayCommandRun.RunAsync(["keys", "encrypt", .. data, "--key-passphrase-file", Passphrase]);
        ModelVersion version = await relay.TrainSmallAsync();
        await relay.PublishAsync("stable", version);
        RelayCommandRun rotated = await RelayCommandRun.RunAsync(["keys", "rotate", "timestamp", "targets", .. data]);
        RelayCommandRun signer = await RelayCommandRun.RunAsync(["keys", "rotate", "cms-signer", .. data]);
        await relay.PublishAsync("beta", version);
        await relay.RestartAsync();
        await relay.PublishAsync("third", version);
        RelayCommandRun status = await RelayCommandRun.RunAsync(["keys", "status", .. data]);
        await relay.StopAsync();
        RelayCommandRun doctor = await RelayCommandRun.RunAsync(["doctor", .. data]);

        Assert.StartsWith("9 files of keys are encrypted.", encrypted.Output, StringComparison.Ordinal);
        Assert.All([rotated, signer, status, doctor], run => Assert.True(run.Code == 0, run.Error + run.Output));
        Assert.Contains("here, timestamp", status.Output, StringComparison.Ordinal);
        Assert.All(
            Directory.EnumerateFiles(Path.Combine(relay.DataFolder, "keys"), "*.pem").Select(File.ReadAllText).Where(KeyPem.HasKey),
            text => Assert.True(KeyPem.IsEncrypted(text)));
    }

    [Fact]
    public async Task Backup_OfEncryptedKeys_IsRestoredWhereThePassphraseIsElsewhere()
    {
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { KeyPassphraseFile = Passphrase });
        string backup = _folder.Combine("relay.tar");
        string restored = _folder.Combine("restored");

        RelayCommandRun made = await RelayCommandRun.RunAsync("backup", backup, "--data", relay.DataFolder);
        RelayCommandRun taken = await RelayCommandRun.RunAsync("restore", backup, "--data", restored);
        string moved = _folder.Combine("moved");
        File.Move(Passphrase, moved);
        InvalidDataException missing = Assert.Throws<InvalidDataException>(() => KeyStore.OpenForRotation(Path.Combine(restored, "keys")));
        RelayCommandRun told = await RelayCommandRun.RunAsync("keys", "encrypt", "--data", restored, "--key-passphrase-file", moved);

        Assert.Equal((0, 0, 0), (made.Code, taken.Code, told.Code));
        Assert.Contains(Passphrase, missing.Message, StringComparison.Ordinal);
        KeyStore.OpenForRotation(Path.Combine(restored, "keys")).Dispose();
    }

    [Theory]
    [InlineData("--data")]
    [InlineData("--database")]
    [InlineData("--database-file")]
    public async Task Encrypt_FolderBesideAnOptionOfARelay_IsRefused(string option)
    {
        using SigningKeys keys = (await KeyStore.OpenAsync(_folder.Combine("keys"), TimeProvider.System, CancellationToken.None)).Keys;

        RelayCommandRun refused = await RelayCommandRun.RunAsync(
            "keys", "encrypt", "--folder", _folder.Combine("keys"), option, "x", "--key-passphrase-file", Passphrase);

        Assert.NotEqual(0, refused.Code);
        Assert.Contains($"{option} is for the keys of a relay", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ceremony_EncryptedOnBothSides_StartsARelayAndSigns()
    {
        string ceremony = _folder.Combine("made/ceremony");
        Directory.CreateDirectory(_folder.Combine("made"));
        RelayCommandRun made = await RelayCommandRun.RunAsync("keys", "init", ceremony);
        RelayCommandRun offline = await RelayCommandRun.RunAsync(
            "keys", "encrypt", "--folder", Path.Combine(ceremony, "offline"), "--key-passphrase-file", Passphrase);
        RelayCommandRun online = await RelayCommandRun.RunAsync(
            "keys", "encrypt", "--folder", Path.Combine(ceremony, "online"), "--key-passphrase-file", Passphrase);
        await using TestRelay relay = await TestRelay.StartAsync(
            options => options with { KeysFolder = Path.Combine(ceremony, "online"), KeyPassphraseFile = Passphrase });
        string root = Path.Combine(ceremony, "online", "1.root.json");
        string alone = _folder.Combine("root-1.pem");
        File.Copy(Path.Combine(ceremony, "offline", "root-1.pem"), alone);

        RelayCommandRun named = await RelayCommandRun.RunAsync("sign", root, "--key", alone, "--key-passphrase-file", Passphrase);
        RelayCommandRun found = await RelayCommandRun.RunAsync("sign", root, "--key", Path.Combine(ceremony, "offline", "root-2.pem"));
        RelayCommandRun without = await RelayCommandRun.RunAsync("sign", root, "--key", alone);
        using HttpResponseMessage ready = await relay.Anonymous.GetAsync("/health/ready", TestContext.Current.CancellationToken);

        Assert.All([made, offline, online, named, found], run => Assert.True(run.Code == 0, run.Error));
        Assert.Contains("--key-passphrase-file", without.Error, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }
}
