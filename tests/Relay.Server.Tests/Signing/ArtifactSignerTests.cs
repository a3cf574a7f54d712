using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Relay.Server.Keys;
using Relay.Server.Signing;
using Relay.TestKit;
using Shared.Contracts.Cms;

namespace Relay.Server.Tests.Signing;

public sealed class ArtifactSignerTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 100_000).Select(i => (byte)i)];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sign_Bytes_NodesAccept()
    {
        (byte[] signature, SigningKeys keys) = await SignAsync();
        X509Certificate2Collection anchors = [keys.CmsRoot];
        Assert.Null(CmsVerifier.Verify(Content, signature, anchors, TimeProvider.System.GetUtcNow(), "model"));
    }

    [Fact]
    public async Task Sign_Bytes_StockOpenSslVerifiesThem()
    {
        (byte[] signature, SigningKeys keys) = await SignAsync();
        await WriteAsync("X", Content);
        await WriteAsync("X.p7s", signature);
        await File.WriteAllTextAsync(_folder.Combine("root.pem"), keys.CmsRoot.ExportCertificatePem());
        Assert.Equal(0, await OpenSslAsync());

        await WriteAsync("X", [.. Content[..^1], 0]);
        Assert.NotEqual(0, await OpenSslAsync());
    }

    private async Task<(byte[] Signature, SigningKeys Keys)> SignAsync()
    {
        OpenedKeys opened = await KeyStore.OpenAsync(_folder.Combine("keys"), TimeProvider.System, CancellationToken.None);
        return (new ArtifactSigner(opened.Keys, TimeProvider.System).Sign(Content), opened.Keys);
    }

    private Task WriteAsync(string name, byte[] bytes) => File.WriteAllBytesAsync(_folder.Combine(name), bytes);

    private async Task<int> OpenSslAsync()
    {
        ProcessStartInfo start = new("openssl")
        {
            WorkingDirectory = _folder.FullPath,
            RedirectStandardError = true,
            ArgumentList =
            {
                "cms", "-verify", "-binary", "-inform", "DER", "-in", "X.p7s", "-content", "X", "-CAfile", "root.pem", "-out", "/dev/null",
            },
        };
        using Process? process = StartOrNull(start);
        Assert.SkipWhen(process is null, "openssl is not installed.");
        await process!.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static Process? StartOrNull(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
