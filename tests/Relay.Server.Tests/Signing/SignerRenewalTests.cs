using Relay.Server.Keys;
using Relay.Server.Signing;
using Relay.Server.Tests.Repository;
using Relay.TestKit;
using Shared.Contracts.Cms;

namespace Relay.Server.Tests.Signing;

public sealed class SignerRenewalTests : IDisposable
{
    private static readonly byte[] Content = [1, 2, 3];
    private readonly TemporaryFolder _folder = new();
    private readonly TestClock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task OpenAsync_SignerInItsFirstHalf_Stays()
    {
        using SigningKeys first = await OpenAsync();
        _clock.Advance(TimeSpan.FromDays(4.9 * 365));
        using SigningKeys second = await OpenAsync();
        Assert.Equal(first.CmsSigner!.Thumbprint, second.CmsSigner!.Thumbprint);
    }

    [Fact]
    public async Task OpenAsync_SignerInItsSecondHalf_IsRenewedUnderTheSameRoot()
    {
        using SigningKeys first = await OpenAsync();
        byte[] old = new ArtifactSigner(first, _clock).Sign(Content);
        _clock.Advance(TimeSpan.FromDays(5.1 * 365));
        using SigningKeys second = await OpenAsync();
        Assert.Equal(first.CmsRoot.Thumbprint, second.CmsRoot.Thumbprint);
        Assert.NotEqual(first.CmsSigner!.GetPublicKeyString(), second.CmsSigner!.GetPublicKeyString());

        // Both signatures hold for new nodes, the old one for years to come.
        _clock.Advance(TimeSpan.FromDays(4 * 365));
        byte[] fresh = new ArtifactSigner(second, _clock).Sign(Content);
        Assert.Null(CmsVerifier.Verify(Content, old, [second.CmsRoot], _clock.GetUtcNow(), "old"));
        Assert.Null(CmsVerifier.Verify(Content, fresh, [second.CmsRoot], _clock.GetUtcNow(), "fresh"));
    }

    [Fact]
    public async Task OpenAsync_RelayThatRunsForEighteenYears_AlwaysHasAValidSigner()
    {
        for (int year = 0; year < 18; year++)
        {
            using SigningKeys keys = await OpenAsync();
            byte[] signature = new ArtifactSigner(keys, _clock).Sign(Content);
            Assert.Null(CmsVerifier.Verify(Content, signature, [keys.CmsRoot], _clock.GetUtcNow(), "model"));
            _clock.Advance(TimeSpan.FromDays(365));
        }
    }

    [Fact]
    public async Task OpenAsync_RootKeyOffline_StaysWithTheSigner()
    {
        using SigningKeys first = await OpenAsync();
        File.Delete(_folder.Combine("keys/cms-root-key.pem"));
        _clock.Advance(TimeSpan.FromDays(9 * 365));
        using SigningKeys second = await OpenAsync();
        Assert.Equal(first.CmsSigner!.Thumbprint, second.CmsSigner!.Thumbprint);
    }

    [Fact]
    public async Task OpenAsync_CrashAfterAnyStepOfARenewal_OldOrNewSigns()
    {
        bool finished = false;
        for (int steps = 1; !finished; steps++)
        {
            using TemporaryFolder folder = new();
            TestClock clock = new();
            string keys = folder.Combine("keys");
            (await KeyStore.OpenAsync(keys, clock, CancellationToken.None)).Keys.Dispose();
            clock.Advance(TimeSpan.FromDays(6 * 365));
            finished = await new CrashPoint(steps).RunAsync(files => KeyStore.OpenAsync(keys, clock, files, CancellationToken.None));

            using SigningKeys opened = (await KeyStore.OpenAsync(keys, clock, CancellationToken.None)).Keys;
            byte[] signature = new ArtifactSigner(opened, clock).Sign(Content);
            Assert.Null(CmsVerifier.Verify(Content, signature, [opened.CmsRoot], clock.GetUtcNow(), "model"));
        }
    }

    private async Task<SigningKeys> OpenAsync() =>
        (await KeyStore.OpenAsync(_folder.Combine("keys"), _clock, CancellationToken.None)).Keys;
}
