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
public sealed class WrongClockTests : IDisposable
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

    [Fact]
    public async Task Doctor_RelayWithARightClock_FindsNothing()
    {
        await OpenAsync();

        Assert.Equal(0, (await DoctorAsync(mend: false)).Code);
    }

    [Fact]
    public async Task Doctor_SignedFourHundredDaysAhead_IsFoundAndSignedAgain()
    {
        await OpenAsync();
        _clock.Advance(TimeSpan.FromDays(400));
        await OpenAsync(clockIsRight: true);
        _clock.Advance(TimeSpan.FromDays(-400));
        long version = Read().Timestamp.Version;

        await Assert.ThrowsAsync<RelayStartException>(OpenAsync);
        (int found, string findings) = await DoctorAsync(mend: false);
        (int mended, _) = await DoctorAsync(mend: true);

        Assert.Equal((CommandLine.Failed, 0), (found, mended));
        Assert.Contains("timestamp: ", findings, StringComparison.Ordinal);
        Assert.True(Read().Timestamp.Version > version);
        Assert.All(RoleStatus.FromSnapshot(Read()), role => Assert.Equal(_clock.GetUtcNow(), ExpirySchedule.SignedAt(role.Role, role.Expires)));
        Assert.Equal(0, (await DoctorAsync(mend: false)).Code);
        await OpenAsync();
    }

    [Fact]
    public async Task Doctor_CertificatesThatHaveNotBegun_AreMadeAgain()
    {
        await OpenAsync();
        DateTimeOffset later = _clock.GetUtcNow().AddDays(11 * 365);
        CmsKeyFolder.RotateRoot(Path.Combine(Data, "keys"), later, new DurableFiles());

        (int found, string findings) = await DoctorAsync(mend: false);
        (int mended, _) = await DoctorAsync(mend: true);

        Assert.Equal((CommandLine.Failed, 0), (found, mended));
        Assert.Contains("cms-root: ", findings, StringComparison.Ordinal);
        Assert.Contains("cms-signer: ", findings, StringComparison.Ordinal);
        await OpenAsync();
    }

    [Fact]
    public async Task Doctor_CmsRootOfNineteenSeventy_IsMadeAgainAndTheRelayStarts()
    {
        await OpenAsync();
        WriteRootOf(new(1970, 1, 3, 0, 0, 0, TimeSpan.Zero));

        await Assert.ThrowsAnyAsync<Exception>(OpenAsync);
        Assert.Equal(0, (await DoctorAsync(mend: true)).Code);
        await OpenAsync();
    }

    [Fact]
    public async Task Doctor_TlsAuthorityThatHasNotBegun_IsReplacedAndKeptAside()
    {
        await OpenAsync();
        TestClock later = new(_clock.GetUtcNow().AddDays(60));
        new DevelopmentCa(new DataFolder(Data), later).ServerCertificate(["localhost"]).Dispose();

        (int mended, string output) = await DoctorAsync(mend: true);

        Assert.Equal(0, mended);
        Assert.Contains("tls: ", output, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Path.Combine(Data, "set-aside"), "ca.key", SearchOption.AllDirectories));
        Assert.Equal(0, (await DoctorAsync(mend: false)).Code);
    }

    [Fact]
    public async Task Doctor_AnotherProgramChangesTheRepository_SaysThatItWaits()
    {
        await OpenAsync();
        WriteRootOf(new(1970, 1, 3, 0, 0, 0, TimeSpan.Zero));
        TaskCompletionSource said = new();
        LockWait wait = new() { ReportAfter = TimeSpan.FromMilliseconds(1), Report = _ => said.TrySetResult() };
        using StringWriter output = new();
        Task<int> mending;
        using (FileLock.TryAcquire(new RepositoryFiles(Path.Combine(Data, "repository"), new DurableFiles()).LockPath))
        {
            mending = DoctorCommand.RunAsync(Data, mend: true, _clock, wait, output, TestContext.Current.CancellationToken);
            await said.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }

        Assert.Equal(0, await mending);
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
        int code = await DoctorCommand.RunAsync(Data, mend, _clock, new LockWait(), output, TestContext.Current.CancellationToken);
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
