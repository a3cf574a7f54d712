using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Relay.Server.Cli;
using Relay.Server.Keys;
using Relay.Server.Signing;
using Relay.TestKit;
using Relay.TestKit.Trust;
using Shared.Contracts.Cms;

namespace Relay.Server.Tests.Signing;

/// <summary>A key folder whose signer lies elsewhere, and a folder for settings, keys and signatures.</summary>
internal sealed class SignerScene : IDisposable
{
    public static readonly byte[] Content = [.. Enumerable.Range(0, 10_000).Select(i => (byte)i)];
    private readonly TemporaryFolder _folder = new();

    private SignerScene()
    {
    }

    public SigningKeys Keys { get; private set; } = null!;

    public string Settings => Path("signer.json");

    public string Folder => _folder.FullPath;

    public static async Task<SignerScene> CreateAsync()
    {
        SignerScene scene = new();
        scene.Keys = (await KeyStore.OpenAsync(scene.Path("keys"), TimeProvider.System, CancellationToken.None)).Keys;
        return scene;
    }

    public string Path(string name) => _folder.Combine(name);

    public Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path(name), text);

    /// <summary>A key of P-256 in <c>key.pem</c>, and a certificate of the scene's root for it in <c>signer.pem</c>.</summary>
    public async Task<ECDsa> IssueAsync()
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await WriteAsync("key.pem", key.ExportPkcs8PrivateKeyPem());
        using ECDsa rootKey = KeyFolder.OpenFile(Path("keys/cms-root-key.pem"));
        await WriteAsync("signer.pem", IssueSignerCommand.Issue(
            await File.ReadAllTextAsync(Path("keys/cms-root.pem")), rootKey,
            key.ExportSubjectPublicKeyInfoPem(), TimeProvider.System.GetUtcNow()));
        return key;
    }

    public SigningServices Open() => SigningServices.Open(Settings, Keys, TimeProvider.System);

    /// <summary>Signs, and asks the node's verifier and stock OpenSSL.</summary>
    public async Task AssertSignsAsync()
    {
        using SigningServices parts = Open();
        byte[] signature = parts.Artifacts.Sign(Content);
        Assert.Null(CmsVerifier.Verify(Content, signature, [Keys.CmsRoot], TimeProvider.System.GetUtcNow(), "model"));
        await RequireOpenSslAsync();
        Assert.Null(await VerifyByOpenSslAsync(signature));
        Assert.NotNull(await VerifyByOpenSslAsync(parts.Artifacts.Sign([1])));
    }

    public async Task<string?> VerifyByOpenSslAsync(byte[] signature)
    {
        await File.WriteAllBytesAsync(Path("X.p7s"), signature);
        await File.WriteAllBytesAsync(Path("X"), Content);
        return await OpenSsl.VerifyCmsAsync(Path("X.p7s"), Path("X"), Path("keys/cms-root.pem"), TimeProvider.System.GetUtcNow());
    }

    public static async Task RequireOpenSslAsync() => Assert.SkipUnless(await OpenSsl.IsInstalledAsync(), "openssl is not installed.");

    public void Dispose()
    {
        Keys.Dispose();
        _folder.Dispose();
    }
}
