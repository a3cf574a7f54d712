using Relay.Server.Keys;
using Relay.Server.Keys.Signers;
using Relay.Server.Repository;
using Relay.Server.Repository.Rotation;
using Relay.TestKit;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Keys.Signers;

/// <summary>Keys of metadata that the relay has no file of: it signs by a command that a file of the key folder names.</summary>
public sealed class CommandKeyTests : IAsyncLifetime
{
    private readonly CommandKeys _commands = new();
    private TestRepository _relay = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(await OpenSsl.IsInstalledAsync(), "openssl is not installed.");
        _relay = await TestRepository.CreateAsync();
    }

    public ValueTask DisposeAsync()
    {
        _relay?.Dispose();
        _commands.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Rotate_ToTheKeyOfACommand_SignsByItAndDeletesThePem()
    {
        string file = _commands.Create(_relay.KeysPath, "timestamp-2");

        RotationOutcome outcome = await _relay.KeyRotation.RotateAsync(
            RoleNames.Timestamp, null, [VerificationKey.FromEcdsa(Public("timestamp-2"))], Cancel).AcceptedAsync();
        await _relay.PublishAsync("threat", 1, [1, 2, 3]);

        Assert.True(outcome.Published);
        Assert.Equal(KeyFolder.ReadId(file), Assert.Single(_relay.Read().Assignments.Timestamp.Keys).Id);
        Assert.False(File.Exists(Path.Combine(_relay.KeysPath, "timestamp.pem")));
        Assert.Equal(1, _relay.Read().LatestRelease);
        Assert.Equal("timestamp-2.signer.json", KeyInventory.Read(_relay.KeysPath).Files[KeyFolder.ReadId(file)]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rotate_FromTheKeyOfACommandToNoGivenKey_IsRefused(bool isOneOfSeveral)
    {
        string pem = Path.Combine(_relay.KeysPath, "timestamp.pem");
        _commands.Create(_relay.KeysPath, "timestamp", await File.ReadAllTextAsync(pem, Cancel));
        File.Delete(pem);
        _relay.Keys.Refresh();

        Result<RotationOutcome, RotationRefusal> answer = isOneOfSeveral
            ? await _relay.KeyRotation.RotateAsync([RoleNames.Snapshot, RoleNames.Timestamp], Cancel)
            : await _relay.KeyRotation.RotateAsync(RoleNames.Timestamp, null, [], Cancel);

        Assert.Equal(RotationRefusalReason.PublicKeyNeeded, answer.Refusal?.Reason);
        Assert.False(File.Exists(pem));
        Assert.Equal(1, _relay.Read().Root.Version);
    }

    [Fact]
    public async Task Rotate_FromTheKeyOfACommandThatIsGone_IsPublished()
    {
        string pem = await File.ReadAllTextAsync(Path.Combine(_relay.KeysPath, "snapshot.pem"), Cancel);
        string file = _commands.Create(_relay.KeysPath, "snapshot", pem);
        File.Delete(Path.Combine(_relay.KeysPath, "snapshot.pem"));
        File.Delete(file);

        Assert.True((await _relay.KeyRotation.RotateAsync(RoleNames.Snapshot, null, [], Cancel).AcceptedAsync()).Published);
    }

    [Fact]
    public async Task Open_SameKeyBehindACommand_SignsWithoutARotation()
    {
        string pem = Path.Combine(_relay.KeysPath, "timestamp.pem");
        _commands.Create(_relay.KeysPath, "timestamp", await File.ReadAllTextAsync(pem, Cancel));
        File.Delete(pem);
        using SigningKeys keys = KeyStore.OpenForRotation(_relay.KeysPath);

        RepositorySnapshot snapshot = _relay.Read();

        Assert.True(keys.CanSign(snapshot.Assignments.Timestamp));
        Assert.True(Assert.Single(keys.ForRole(RoleNames.Timestamp)).IsCommand);
        Assert.Equal(1, snapshot.Root.Version);
    }

    [Theory]
    [InlineData("sh", "-c", "echo the token is not there >&2; exit 1")]
    [InlineData("cat")]
    [InlineData("no-such-command")]
    public void Open_CommandThatCannotSign_SaysSo(params string[] command)
    {
        _commands.Create(_relay.KeysPath, "timestamp-2");
        CommandKeys.Write(_relay.KeysPath, "timestamp-2", command);

        SigningException refused = Assert.Throws<SigningException>(() => KeyStore.OpenForRotation(_relay.KeysPath));

        Assert.Contains("timestamp-2.signer.json", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("damaged", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refresh_FileNamesAnotherCommandForTheKey_UsesIt()
    {
        string pem = Path.Combine(_relay.KeysPath, "channels.pem");
        string file = _commands.Create(_relay.KeysPath, "channels", await File.ReadAllTextAsync(pem, Cancel));
        File.Delete(pem);
        using SigningKeys keys = KeyStore.OpenForRotation(_relay.KeysPath);
        RoleSigner before = Assert.Single(keys.ForRole(RoleNames.Channels));
        string settings = await File.ReadAllTextAsync(file, Cancel);

        await File.WriteAllTextAsync(file, settings.Replace("20", "30", StringComparison.Ordinal), Cancel);
        keys.Refresh();

        RoleSigner after = Assert.Single(keys.ForRole(RoleNames.Channels));
        Assert.Equal(before.KeyId, after.KeyId);
        Assert.NotSame(before, after);
    }

    [Theory]
    [InlineData("""{ "kind": "command", "certificate": "timestamp-2.pub.pem", "command": ["true"] }""")]
    [InlineData("""{ "kind": "command", "publicKey": "timestamp.pem", "command": ["true"] }""")]
    [InlineData("""{ "kind": "command", "publicKey": "missing.pem", "command": ["true"] }""")]
    [InlineData("""{ "kind": "command", "publicKey": "timestamp-2.pub.pem", "command": ["true"], "timestampAuthority": "http://tsa.example/" }""")]
    [InlineData("""{ "kind": "pkcs12", "file": "timestamp-2.p12" }""")]
    [InlineData("""{ "signatures": [], "signed": {} }""")]
    public void Open_FileThatIsNoKey_IsRefused(string json)
    {
        string file = _commands.Create(_relay.KeysPath, "timestamp-2");
        File.WriteAllText(file, json);

        Assert.Throws<SigningException>(() => CommandKey.Open(file));
    }

    private string Public(string name) => File.ReadAllText(Path.Combine(_relay.KeysPath, name + ".pub.pem"));
}
