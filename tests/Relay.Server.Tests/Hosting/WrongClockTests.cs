using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Relay.Server.Cli;
using Relay.Server.Hosting;
using Relay.Server.Http.Tls;
using Relay.Server.Keys;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Relay.TestKit;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Hosting;

/// <summary>A relay that starts with a wrong clock signs nothing, and what an earlier one signed with one is mended.</summary>
public sealed partial class WrongClockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestClock _clock = new();

    private string Data => _folder.Combine("data");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(-60 * 365)]
    [InlineData(11 * 365)]
    [Trait("Attack", "relay-clock")]
    public async Task Open_FirstStartWithAWrongClock_IsRefusedAndMakesNoKey(int days)
    {
        _clock.Advance(TimeSpan.FromDays(days));

        await Assert.ThrowsAsync<RelayStartException>(OpenAsync);
        Assert.False(Directory.Exists(Path.Combine(Data, "keys")));

        _clock.Advance(TimeSpan.FromDays(-days));
        await OpenAsync();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(400)]
    [InlineData(11 * 365)]
    [Trait("Attack", "relay-clock")]
    public async Task Open_LaterStartWithAWrongClock_IsRefusedAndChangesNothing(int days)
    {
        await OpenAsync();
        Dictionary<string, string> before = Files();
        _clock.Advance(TimeSpan.FromDays(days));

        await Assert.ThrowsAsync<RelayStartException>(OpenAsync);
        Assert.Equal(before, Files());

        _clock.Advance(TimeSpan.FromDays(-days));
        await OpenAsync();
    }

    [Fact]
    public async Task Open_AfterMoreThanThreeMonthsOff_NeedsTheOperatorsWord()
    {
        await OpenAsync();
        _clock.Advance(TimeSpan.FromDays(200));

        await Assert.ThrowsAsync<RelayStartException>(OpenAsync);
        await OpenAsync(clockIsRight: true);
        await OpenAsync();
    }

    [Fact]
    [Trait("Attack", "relay-clock")]
    public async Task ServerCertificate_ClockThatJumpsWhileTheRelayRuns_KeepsTheAuthority()
    {
        await OpenAsync();
        DevelopmentCa authority = new(new DataFolder(Data), _clock);
        authority.ServerCertificate(["localhost"]).Dispose();
        byte[] pinned = await File.ReadAllBytesAsync(authority.CertificateFile);
        _clock.Advance(TimeSpan.FromDays(11 * 365));

        Assert.Throws<RelayStartException>(() => authority.ServerCertificate(["localhost"]));
        Assert.Equal(pinned, await File.ReadAllBytesAsync(authority.CertificateFile));
    }

    private Task OpenAsync() => OpenAsync(clockIsRight: false);

    private async Task OpenAsync(bool clockIsRight)
    {
        RelayOptions options = new()
        {
            DataFolder = Data,
            TimeProvider = _clock,
            ClockIsRight = clockIsRight,
            ShowAdminKey = _ => { },
            ShowNotice = _ => { },
        };
        using RelayFolder opened = await RelayFolder.OpenAsync(options, TestContext.Current.CancellationToken);
    }

    private async Task<(int Code, string Output)> DoctorAsync(bool mend)
    {
        using StringWriter output = new();
        int code = await DoctorCommand.RunAsync(new DataFolder(Data), mend, _clock, new LockWait(), output, TestContext.Current.CancellationToken);
        return (code, output.ToString());
    }

    private RepositorySnapshot Read() =>
        RepositorySnapshot.Read(new RepositoryFiles(Path.Combine(Data, "repository"), new DurableFiles()), _clock.GetUtcNow())!;

    private Dictionary<string, string> Files() => new[] { "keys", "tls", "repository/metadata" }
        .SelectMany(part => Directory.EnumerateFiles(Path.Combine(Data, part), "*", SearchOption.AllDirectories))
        .ToDictionary(file => file, file => Convert.ToHexString(File.ReadAllBytes(file)));

    private void WriteRootOf(DateTimeOffset made)
    {
        string keys = Path.Combine(Data, "keys");
        using ECDsa rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 root = CmsAuthority.CreateRoot(rootKey, made);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 signer = CmsAuthority.IssueSigner(root, rootKey, new PublicKey(key), made);
        File.WriteAllText(Path.Combine(keys, "cms-root.pem"), root.ExportCertificatePem() + "\n");
        File.WriteAllText(Path.Combine(keys, "cms-root-key.pem"), rootKey.ExportPkcs8PrivateKeyPem() + "\n");
        File.WriteAllText(Path.Combine(keys, "cms-signer.pem"), $"{signer.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }
}
