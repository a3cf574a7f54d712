using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Relay.Server.Cli;
using Relay.Server.Keys;
using Relay.Server.Keys.Signers;
using Relay.Server.Signing;
using Relay.TestKit;

namespace Relay.Server.Tests.Signing;

/// <summary>Each place that a signer's key can lie in: what it signs is accepted by nodes and by stock OpenSSL.</summary>
public sealed class SignerKindTests
{
    private const string SoftHsm = "/usr/lib/softhsm/libsofthsm2.so";

    [Fact]
    public async Task File_WithoutSettings_Signs()
    {
        using SignerScene scene = await SignerScene.CreateAsync();
        await scene.AssertSignsAsync();
    }

    [Fact]
    public async Task Pkcs12_WithPassword_Signs()
    {
        using SignerScene scene = await SignerScene.CreateAsync();
        using ECDsa key = await scene.IssueAsync();
        using X509Certificate2 signer = X509Certificate2.CreateFromPemFile(scene.Path("signer.pem"), scene.Path("key.pem"));
        await File.WriteAllBytesAsync(scene.Path("signer.p12"), signer.Export(X509ContentType.Pkcs12, "four words on paper"));
        await scene.WriteAsync("password", "four words on paper\n");
        await scene.WriteAsync("signer.json", """{ "kind": "pkcs12", "file": "signer.p12", "passwordFile": "password" }""");
        await scene.AssertSignsAsync();

        await scene.WriteAsync("password", "another\n");
        Assert.Throws<SigningException>(scene.Open);
    }

    [Fact]
    public async Task Pkcs12_WithACertificateOfAnother_SignsWithoutIt()
    {
        using SignerScene scene = await SignerScene.CreateAsync();
        using ECDsa other = await scene.IssueAsync();
        using X509Certificate2 stranger = X509CertificateLoader.LoadCertificateFromFile(scene.Path("signer.pem"));
        using ECDsa key = await scene.IssueAsync();
        using X509Certificate2 signer = X509Certificate2.CreateFromPemFile(scene.Path("signer.pem"), scene.Path("key.pem"));
        X509Certificate2Collection bag = [signer, stranger];
        await File.WriteAllBytesAsync(scene.Path("signer.p12"), bag.Export(X509ContentType.Pkcs12, "")!);
        await scene.WriteAsync("signer.json", """{ "kind": "pkcs12", "file": "signer.p12" }""");
        await scene.AssertSignsAsync();
    }

    [Fact]
    public async Task Issue_KeyWithoutANamedCurve_IsRefused()
    {
        using SignerScene scene = await SignerScene.CreateAsync();
        using ECDsa named = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa key = ECDsa.Create(named.ExportExplicitParameters(false));
        string root = await File.ReadAllTextAsync(scene.Path("keys/cms-root.pem"));
        using ECDsa rootKey = KeyFolder.OpenFile(scene.Path("keys/cms-root-key.pem"));

        Assert.Throws<InvalidDataException>(() =>
            IssueSignerCommand.Issue(root, rootKey, key.ExportSubjectPublicKeyInfoPem(), TimeProvider.System.GetUtcNow()));
    }

    [Fact]
    public async Task Pkcs12_MadeByOpenSsl_Signs()
    {
        await SignerScene.RequireOpenSslAsync();
        using SignerScene scene = await SignerScene.CreateAsync();
        using ECDsa key = await scene.IssueAsync();
        CommandRun? export = await CommandRun.TryAsync(
            "openssl", ["pkcs12", "-export", "-inkey", "key.pem", "-in", "signer.pem", "-out", "signer.p12", "-passout", "pass:"],
            scene.Folder);
        Assert.Equal(0, export!.ExitCode);
        await scene.WriteAsync("signer.json", """{ "kind": "pkcs12", "file": "signer.p12" }""");
        await scene.AssertSignsAsync();
    }

    [Fact]
    public async Task Command_OpenSslPkeyutl_Signs()
    {
        await SignerScene.RequireOpenSslAsync();
        using SignerScene scene = await SignerScene.CreateAsync();
        using ECDsa key = await scene.IssueAsync();
        await WriteCommandAsync(scene, "openssl", "pkeyutl", "-sign", "-inkey", scene.Path("key.pem"));
        await scene.AssertSignsAsync();
    }

    [Fact]
    public async Task Command_OpenSslPkeyutl_ReadsTheDigestFromItsArguments()
    {
        await SignerScene.RequireOpenSslAsync();
        using SignerScene scene = await SignerScene.CreateAsync();
        using ECDsa key = await scene.IssueAsync();
        await scene.WriteAsync("sign.sh", $"""
            exec 0</dev/null
            printf '%b' "$(printf %s "$1" | sed 's/../\\x&/g')" | openssl pkeyutl -sign -inkey '{scene.Path("key.pem")}'
            """);
        await WriteCommandAsync(scene, "bash", scene.Path("sign.sh"), "{digest}");
        await scene.AssertSignsAsync();
    }

    [Fact]
    public async Task Command_HsmOverPkcs11_Signs()
    {
        using SignerScene scene = await SignerScene.CreateAsync();
        using ECDsa key = await scene.IssueAsync();
        Dictionary<string, string> environment = new() { ["SOFTHSM2_CONF"] = scene.Path("softhsm2.conf") };
        Directory.CreateDirectory(scene.Path("tokens"));
        await scene.WriteAsync("softhsm2.conf", $"""
            directories.tokendir = {scene.Path("tokens")}
            objectstore.backend = file
            log.level = ERROR

            """);
        CommandRun? init = await CommandRun.TryAsync(
            "softhsm2-util", ["--init-token", "--free", "--label", "relay", "--pin", "1234", "--so-pin", "5678"], environment: environment);
        CommandRun? tool = await CommandRun.TryAsync("pkcs11-tool", ["--version"]);
        Assert.SkipWhen(init is null || tool is null || !File.Exists(SoftHsm), "softhsm2 and opensc are not installed.");
        Assert.True(init!.ExitCode == 0, init.Errors);
        CommandRun? import = await CommandRun.TryAsync(
            "softhsm2-util", ["--import", scene.Path("key.pem"), "--token", "relay", "--label", "signer", "--id", "01", "--pin", "1234"],
            environment: environment);
        Assert.True(import!.ExitCode == 0, import.Errors);
        File.Delete(scene.Path("key.pem"));

        await WriteCommandAsync(
            scene, "env", $"SOFTHSM2_CONF={scene.Path("softhsm2.conf")}", "pkcs11-tool", "--module", SoftHsm, "--token-label", "relay",
            "--pin", "1234", "--sign", "--id", "01", "-m", "ECDSA");
        await scene.AssertSignsAsync();

        // The same token signs metadata.
        string settings = await File.ReadAllTextAsync(scene.Settings, TestContext.Current.CancellationToken);
        await scene.WriteAsync("root.pub.pem", key.ExportSubjectPublicKeyInfoPem());
        await scene.WriteAsync(
            "root.signer.json", settings.Replace("\"certificate\":\"signer.pem\"", "\"publicKey\":\"root.pub.pem\"", StringComparison.Ordinal));
        using RoleSigner root = KeyFolder.ReadFile(scene.Path("root.signer.json"));
        Assert.NotEmpty(root.Sign([1, 2, 3]));
    }

    [Fact]
    public async Task File_SignerTakenAway_NamesWhatToDo()
    {
        using SignerScene scene = await SignerScene.CreateAsync();
        File.Delete(scene.Path("keys/cms-signer.pem"));
        using Relay.Server.Keys.SigningKeys keys = (await Relay.Server.Keys.KeyStore.OpenAsync(
            scene.Path("keys"), TimeProvider.System, CancellationToken.None)).Keys;
        Assert.Throws<SigningException>(() => SigningServices.Open(scene.Settings, keys, TimeProvider.System));
    }

    [Fact]
    public async Task Pkcs12_CertificateOfAnotherRoot_IsFoundAtStart()
    {
        using SignerScene scene = await SignerScene.CreateAsync();
        using SignerScene other = await SignerScene.CreateAsync();
        using ECDsa key = await other.IssueAsync();
        using X509Certificate2 signer = X509Certificate2.CreateFromPemFile(other.Path("signer.pem"), other.Path("key.pem"));
        await File.WriteAllBytesAsync(scene.Path("signer.p12"), signer.Export(X509ContentType.Pkcs12));
        await scene.WriteAsync("signer.json", """{ "kind": "pkcs12", "file": "signer.p12" }""");
        Assert.Throws<SigningException>(scene.Open);
    }

    [Fact]
    public async Task Pkcs12_KeyOnAnotherCurve_IsFoundAtStart()
    {
        using SignerScene scene = await SignerScene.CreateAsync();
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        CertificateRequest request = new("CN=signer", key, HashAlgorithmName.SHA384);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 signer = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await File.WriteAllBytesAsync(scene.Path("signer.p12"), signer.Export(X509ContentType.Pkcs12));
        await scene.WriteAsync("signer.json", """{ "kind": "pkcs12", "file": "signer.p12" }""");
        Assert.Throws<SigningException>(scene.Open);
    }

    internal static Task WriteCommandAsync(SignerScene scene, params string[] command) => scene.WriteAsync(
        "signer.json", JsonSerializer.Serialize(new { kind = "command", certificate = "signer.pem", command, timeoutSeconds = 20 }));
}
