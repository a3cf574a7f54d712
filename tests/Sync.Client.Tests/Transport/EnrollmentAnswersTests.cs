using Microsoft.Extensions.Logging;
using Relay.TestKit;
using Shared.Contracts;
using Shared.Contracts.Api;
using Sync.Client.Identity;

namespace Sync.Client.Tests.Transport;

/// <summary>Whatever a relay answers to an enrollment, the node serves, asks a bounded number of times, and says what it is.</summary>
public sealed class EnrollmentAnswersTests : IAsyncLifetime
{
    private EnrollmentScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await EnrollmentScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(413)]
    [InlineData(302)]
    [Trait("Attack", "enrollment-answers")]
    public async Task Refresh_RelayAnswersAnEnrollmentWithAnything_IsARefusalAndTheNodeServes(int status)
    {
        _scene.SetToken(EnrollmentScene.Token, isFile: false);
        using (SyncClient first = _scene.Open())
        {
            await first.RefreshAsync();
        }

        _scene.Nodes.Keys.Clear();
        _scene.Nodes.Instead = _ => status;
        using SyncClient node = _scene.Open();
        await node.RestoreAsync();
        RefreshResult result = await node.RefreshAsync();

        Assert.Equal(RefusalReason.EnrollmentRefused, result.Refusal?.Reason);
        Assert.Equal(1, node.Models.Single().Predict(new float[4]).Version);
        Assert.InRange(_scene.Nodes.Enrollments.Count, 1, 3);
    }

    [Fact]
    [Trait("Attack", "enrollment-answers")]
    public async Task Refresh_RelayEnrollsAndForgetsAtOnce_IsAskedABoundedNumberOfTimes()
    {
        _scene.SetToken(EnrollmentScene.Token, isFile: false);
        _scene.Nodes.Instead = _ => 201;
        using SyncClient node = _scene.Open();

        RefreshResult result = await node.RefreshAsync();

        Assert.Equal(RefusalReason.NodeKeyRefused, result.Refusal?.Reason);
        Assert.InRange(_scene.Nodes.Problems.Count, 1, 6);
    }

    [Fact]
    public async Task Refresh_RelayIsBusyWithEnrollments_IsTransientAndTheReasonIsThatOfTheRelay()
    {
        _scene.SetToken(EnrollmentScene.Token, isFile: false);
        _scene.Fixture.Options.Budgets.Retries = 2;
        _scene.Fixture.Options.Budgets.RetryDelay = TimeSpan.FromMilliseconds(1);
        int left = 2;
        _scene.Nodes.Instead = _ => left-- > 0 ? 503 : null;
        using SyncClient node = _scene.Open();

        Assert.True((await node.RefreshAsync()).Activated);
        Assert.Empty(node.Status.RecentRefusals);
    }

    [Fact]
    public async Task Refresh_RelayIsFull_IsARefusalThatSaysWhatToDo()
    {
        _scene.SetToken(EnrollmentScene.Token, isFile: false);
        _scene.Nodes.IsFull = true;
        using SyncClient node = _scene.Open();

        RefreshResult full = await node.RefreshAsync();
        _scene.Nodes.IsFull = false;
        _scene.Fixture.Clock.Advance(TimeSpan.FromMinutes(2));
        RefreshResult later = await node.RefreshAsync();

        Assert.Equal(RefusalReason.EnrollmentRefused, full.Refusal?.Reason);
        Assert.Contains("nodes remove", full.Refusal?.Detail, StringComparison.Ordinal);
        Assert.Equal((true, null), (later.Activated, later.Refusal));
    }

    [Fact]
    [Trait("Attack", "blocking-file")]
    public async Task Refresh_TokenFileIsAPipeOrADevice_IsARefusalAndDoesNotBlock()
    {
        string pipe = _scene.Fixture.Combine("pipe");
        Assert.Equal(0, (await CommandRun.TryAsync("mkfifo", [pipe]))?.ExitCode);
        foreach (string path in (string[])[pipe, "/dev/zero", "/dev/null", _scene.Fixture.Options.StoreFolder])
        {
            _scene.Fixture.Options.EnrollmentTokenFile = path;
            using SyncClient node = _scene.Open();

            RefreshResult result = await node.RefreshAsync().WaitAsync(TimeSpan.FromSeconds(30));

            Assert.True(RefusalReason.EnrollmentRefused == result.Refusal?.Reason, path);
        }
    }

    [Fact]
    [Trait("Attack", "blocking-file")]
    public async Task Start_TrustedRootOrBundleIsAPipe_IsAnErrorAndDoesNotBlock()
    {
        string pipe = _scene.Fixture.Combine("pipe");
        Assert.Equal(0, (await CommandRun.TryAsync("mkfifo", [pipe]))?.ExitCode);
        _scene.Fixture.Options.TrustedRoot = pipe;
        using SyncClient node = _scene.Open();

        RefreshResult result = await Task.Run(() => node.RefreshAsync()).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(RefusalReason.TrustedRootInvalid, result.Refusal?.Reason);
        await Assert.ThrowsAsync<IOException>(() => Task.Run(() => node.ImportAsync(pipe)).WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Refresh_RelayRefusesTheNodeAndAMirrorServes_RunsTheReleaseAndSaysBoth()
    {
        await using MirrorFixture mirror = await MirrorFixture.StartAsync(_scene.Fixture);
        using SyncClient node = _scene.Open();

        Assert.True((await node.RefreshAsync()).Activated);

        Assert.Equal(nameof(RefusalReason.EnrollmentRefused), Assert.Single(node.Status.CurrentRefusals).Reason);
    }

    [Fact]
    public async Task Refresh_TlsOfTheRelayIsRefused_SaysNothingOfEnrollment()
    {
        _scene.SetToken(EnrollmentScene.Token, isFile: false);
        using SyncClient node = _scene.Open();
        _scene.Fixture.KillRelay();
        _scene.Fixture.Server.Nodes = null;

        await node.RefreshAsync();

        Assert.DoesNotContain(node.Status.CurrentRefusals, r => r.Reason == nameof(RefusalReason.EnrollmentRefused));
    }
}
