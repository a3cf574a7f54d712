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

// What the doctor finds and mends.
public sealed partial class WrongClockTests
{
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
            mending = DoctorCommand.RunAsync(new DataFolder(Data), mend: true, _clock, wait, output, TestContext.Current.CancellationToken);
            await said.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }

        Assert.Equal(0, await mending);
    }
}
