using Relay.Server.Keys;
using Relay.Server.Keys.Encryption;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Keys;

// What is refused, with the folder as it was.
public sealed partial class KeyEncryptionTests
{
    private const string Damaged = Plain + "\nAAAA\n-----END PRIVATE KEY-----\n";

    [Fact]
    public async Task Encrypt_OneFileWithoutAKeyOrWithTwo_ChangesNothing()
    {
        await OpenAsync();
        string other = Path.Combine(Keys, "targets-2.pem");
        string key = File.ReadAllText(Path.Combine(Keys, "targets.pem"));
        foreach (string text in (string[])[Damaged, key + key])
        {
            File.WriteAllText(other, text);
            string[] before = [.. Texts()];

            Assert.Throws<InvalidDataException>(() => Encryption().Encrypt(Passphrase));

            Assert.Equal(before, Texts());
            Assert.False(File.Exists(Path.Combine(Keys, KeyPassphrase.FileName)));
        }
    }

    [Fact]
    public async Task EncryptedFolder_OneFileIsDamaged_SaysWhich()
    {
        await OpenAsync();
        Encryption().Encrypt(Passphrase);
        File.WriteAllText(Path.Combine(Keys, "targets-2.pem"), Damaged);

        foreach (Action change in (Action[])[() => Encryption().Decrypt(), () => Encryption().Relocate(Passphrase)])
        {
            Assert.Contains("targets-2.pem", Assert.Throws<InvalidDataException>(change).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("too short")]
    [InlineData("two lines of\na passphrase")]
    [InlineData(null)]
    public async Task Encrypt_NoPassphrase_IsRefused(string? text)
    {
        await OpenAsync();
        string file = _folder.Combine("other");
        if (text is not null)
        {
            File.WriteAllText(file, text);
        }

        Assert.Throws<InvalidDataException>(() => Encryption().Encrypt(file));
    }

    [Fact]
    [Trait("Attack", "passphrase-beside-keys")]
    public async Task Encrypt_PassphraseInTheDataFolder_IsRefused()
    {
        await OpenAsync();
        foreach (string place in (string[])["data/passphrase", "data/keys/passphrase"])
        {
            File.Copy(Passphrase, _folder.Combine(place));
            Assert.Throws<InvalidDataException>(() => Encryption().Encrypt(_folder.Combine(place)));
        }

        Encryption().Encrypt(Passphrase);
        await Assert.ThrowsAsync<InvalidDataException>(() => OpenAsync(_folder.Combine("data/passphrase")));
    }

    [Fact]
    public async Task Open_PassphraseForPlainKeys_IsRefused()
    {
        await OpenAsync();

        InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(() => OpenAsync(Passphrase));

        Assert.Contains("relay keys encrypt", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_PassphraseForAPlainCeremony_NamesTheCeremony()
    {
        await OpenAsync();

        InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(() => KeyStore.OpenAsync(
            _folder.Combine("new/keys"), TimeProvider.System, new DurableFiles(), CancellationToken.None, ceremony: Keys,
            passphraseFile: Passphrase));

        Assert.Contains($"'{Keys}'", refused.Message, StringComparison.Ordinal);
    }
}
