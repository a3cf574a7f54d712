using System.Security.Cryptography;
using System.Text;
using Relay.Server.Keys;
using Relay.Server.Keys.Encryption;
using Relay.Server.Tests.Repository;
using Relay.TestKit;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Keys;

/// <summary>A key folder under a passphrase.</summary>
public sealed partial class KeyEncryptionTests : IDisposable
{
    private const string Plain = "-----BEGIN PRIVATE KEY-----";
    private const string Encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----";

    private readonly TemporaryFolder _folder = new();

    public KeyEncryptionTests() => File.WriteAllText(Passphrase, "correct horse battery staple\n");

    private string Keys => _folder.Combine("data/keys");

    private string Passphrase => _folder.Combine("passphrase");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task EncryptAndDecrypt_AllKeys_AreTheSame()
    {
        string[] ids = await OpenAsync();
        int files = Encryption().Encrypt(Passphrase);

        Assert.Equal(9, files);
        Assert.All(Texts(), text => Assert.Contains(Encrypted, text, StringComparison.Ordinal));
        Assert.Equal(ids, await OpenAsync());
        Assert.Equal(9, Encryption().Decrypt());
        Assert.All(Texts(), text => Assert.Contains(Plain, text, StringComparison.Ordinal));
        Assert.Equal(ids, await OpenAsync());
        Assert.False(File.Exists(Path.Combine(Keys, KeyPassphrase.FileName)));
        Assert.Null(Encryption().Decrypt());
    }

    [Fact]
    public async Task Open_FirstStartWithAPassphrase_NeverWritesAPlainKey()
    {
        List<string> seen = [];
        DurableFiles files = new(afterStep: step => seen.AddRange(
            !step.IsRename ? [] : Directory.EnumerateFiles(_folder.FullPath, "*.pem", SearchOption.AllDirectories).Select(File.ReadAllText)
                .Where(KeyPem.HasKey)));

        (await KeyStore.OpenAsync(Keys, TimeProvider.System, files, CancellationToken.None, passphraseFile: Passphrase)).Keys.Dispose();

        Assert.NotEmpty(seen);
        Assert.All(seen, text => Assert.DoesNotContain(Plain, text, StringComparison.Ordinal));
        Assert.All(Texts(), text => Assert.Contains(Encrypted, text, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Attack", "kill")]
    public async Task Encrypt_StoppedAfterAStep_KeysOpenAndTheNextStartFinishes()
    {
        string[] ids = await OpenAsync();
        foreach (int steps in (int[])[2, 9, 1000])
        {
            Encryption().Decrypt();
            bool isDone = await new CrashPoint(steps).RunAsync(files => Task.Run(() => new KeyFolderEncryption(Keys, files).Encrypt(Passphrase)));
            bool isBegun = File.Exists(Path.Combine(Keys, KeyPassphrase.FileName));
            using (SigningKeys now = KeyStore.OpenForRotation(Keys))
            {
                Assert.Equal(ids, Ids(now));
            }

            Assert.Equal(ids, await OpenAsync());
            Assert.All(Texts(), text => Assert.Contains(isBegun ? Encrypted : Plain, text, StringComparison.Ordinal));
            Assert.Equal(steps == 1000, isDone);
            Assert.True(!isBegun || Directory.GetFiles(Keys).All(file => !file.Contains(".pem.", StringComparison.Ordinal)));
        }
    }

    [Fact]
    [Trait("Attack", "kill")]
    public async Task Decrypt_StoppedHalfWay_KeysOpenAndTheNextStartFinishes()
    {
        string[] ids = await OpenAsync();
        Encryption().Encrypt(Passphrase);

        bool isDone = await new CrashPoint(12).RunAsync(files => Task.Run(() => new KeyFolderEncryption(Keys, files).Decrypt()));
        int plain = Texts().Count(text => text.Contains(Plain, StringComparison.Ordinal));

        Assert.False(isDone);
        Assert.InRange(plain, 1, 8);
        Assert.Equal(ids, await OpenAsync());
        Assert.All(Texts(), text => Assert.Contains(Plain, text, StringComparison.Ordinal));
        Assert.False(File.Exists(Path.Combine(Keys, KeyPassphrase.FileName)));
    }

    [Fact]
    public async Task Open_WrongOrMissingPassphrase_SaysSoAndTheRightOneIsRemembered()
    {
        string[] ids = await OpenAsync();
        Encryption().Encrypt(Passphrase);
        string moved = _folder.Combine("moved");
        File.Move(Passphrase, moved);
        string other = _folder.Combine("other");
        File.WriteAllText(other, "another passphrase than that");

        InvalidDataException missing = await Assert.ThrowsAsync<InvalidDataException>(() => OpenAsync());
        InvalidDataException wrong = await Assert.ThrowsAsync<InvalidDataException>(() => OpenAsync(other));
        Assert.Throws<InvalidDataException>(() => Encryption().Encrypt(other));
        Assert.Equal(ids, await OpenAsync(moved));
        Assert.Equal(ids, await OpenAsync());

        Assert.Contains("--key-passphrase-file", missing.Message, StringComparison.Ordinal);
        Assert.Contains("does not open", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenSsl_ReadsAnEncryptedKey()
    {
        await OpenAsync();
        Encryption().Encrypt(Passphrase);

        CommandRun? run = await CommandRun.TryAsync(
            "openssl", ["pkey", "-in", Path.Combine(Keys, "timestamp.pem"), "-passin", $"file:{Passphrase}", "-pubout"]);

        Assert.SkipUnless(run is not null, "needs openssl");
        using RoleSigner key = KeyFolder.ReadFile(Path.Combine(Keys, "timestamp.pem"));
        Assert.Equal(key.Public.PublicText.Trim(), Encoding.ASCII.GetString(run!.Output).Trim());
    }

    private static string[] Ids(SigningKeys keys) =>
    [
        .. RoleAssignments.RoleOrder.SelectMany(keys.ForRole).Select(signer => signer.KeyId),
        keys.CmsSigner!.GetCertHashString(HashAlgorithmName.SHA256),
    ];

    private KeyFolderEncryption Encryption() => new(Keys, new DurableFiles());

    private IEnumerable<string> Texts() =>
        Directory.EnumerateFiles(Keys, "*.pem").Order(StringComparer.Ordinal).Select(File.ReadAllText).Where(KeyPem.HasKey);

    private async Task<string[]> OpenAsync(string? passphrase = null)
    {
        using SigningKeys keys = (await KeyStore.OpenAsync(
            Keys, TimeProvider.System, new DurableFiles(), CancellationToken.None, passphraseFile: passphrase)).Keys;
        return Ids(keys);
    }
}
