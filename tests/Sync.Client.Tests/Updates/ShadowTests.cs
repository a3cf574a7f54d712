using Relay.TestKit.Models;
using Shared.Contracts;
using Shared.Contracts.Api;
using Sync.Client.Storage;

namespace Sync.Client.Tests.Updates;

/// <summary>A candidate beside the version that answers: what is told, what is refused, and what does not wait for it.</summary>
public sealed class ShadowTests : IAsyncLifetime
{
    private readonly TestModel _first = TestModel.Create(version: 1);
    private NodeFixture _fixture = null!;
    private SyncClient _node = null!;

    public async ValueTask InitializeAsync()
    {
        _fixture = await NodeFixture.StartAsync();
        _fixture.Options.Shadow = new() { Calls = 50, MaxDisagreement = 0.1 };
        await _fixture.PublishAsync(_first);
        _node = _fixture.OpenNode();
        Assert.True((await _node.RefreshAsync()).Activated);
    }

    public async ValueTask DisposeAsync()
    {
        _node.Dispose();
        await _fixture.DisposeAsync();
    }

    private IRelayModel Model => _node.Models.Single();

    [Fact]
    public async Task RefreshAsync_CandidateThatAgrees_AnswersAfterTheCallsAndAnswersNobodyBefore()
    {
        // The same trees under another number: no call is answered otherwise.
        await _fixture.PublishAsync(_first.WithVersion(2));

        RefreshResult result = await _node.RefreshAsync();
        ShadowReport running = Assert.Single(_node.Status.Shadow);
        int before = Model.Predict(_first.NumbersOf(0)).Version;
        await CallUntilDecidedAsync();

        Assert.Equal(new RefreshResult(Activated: false, null), result);
        Assert.Equal((1, 2, ShadowState.Running), (running.Active, running.Candidate, running.State));
        Assert.Equal((1, 2), (before, Model.Active.Version));
        ShadowReport expected = new()
        {
            Model = "threat-classifier",
            Active = 1,
            Candidate = 2,
            State = ShadowState.Agreed,
            Calls = 50,
            Disagreements = 0,
            LargestDifference = 0,
        };
        Assert.Equal(expected, Assert.Single(_node.Status.Shadow));
    }

    [Fact]
    public async Task RefreshAsync_CandidateThatDisagrees_IsRefusedReportedAndStaysOut()
    {
        await _fixture.PublishAsync(TestModel.Create(version: 2));

        await _node.RefreshAsync();
        await CallUntilDecidedAsync();
        RefreshResult again = await _node.RefreshAsync();

        ShadowReport report = Assert.Single(_fixture.Server.CheckIns.Last().Shadow!);
        Assert.Equal(ShadowState.Disagreed, report.State);
        Assert.True(report is { Disagreements: > 5, LargestDifference: > 0 });
        Assert.Equal(RefusalReason.ShadowDisagreement, again.Refusal?.Reason);
        Assert.Equal((1, nameof(RefusalReason.ShadowDisagreement)), (Model.Active.Version, Assert.Single(_node.Status.Quarantine).Reason));
    }

    [Fact]
    public async Task RefreshAsync_NoCallsUntilTheTimeIsUp_Switches()
    {
        await _fixture.PublishAsync(TestModel.Create(version: 2));
        await _node.RefreshAsync();

        _fixture.Clock.Advance(TimeSpan.FromMinutes(11));
        await _node.ShadowSettled.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal((2, 0), (Model.Active.Version, _node.Status.Shadow.Single().Calls));
    }

    [Fact]
    public async Task RefreshAsync_TrialEndsInAnExceptionThatNothingExpects_IsInTheStatusAndTheNodeGoesOn()
    {
        _node.Dispose();
        bool breaks = false;
        _node = _fixture.OpenNode(new StoreFiles(_ =>
        {
            if (breaks)
            {
                throw new InvalidOperationException("a bug");
            }
        }));
        await _node.RestoreAsync();
        await _fixture.PublishAsync(_first.WithVersion(2));
        await _node.RefreshAsync();
        breaks = true;

        await CallUntilDecidedAsync();
        string current = Assert.Single(_node.Status.CurrentRefusals).Reason;
        breaks = false;
        await _fixture.PublishAsync(_first.WithVersion(3));
        await _node.RefreshAsync();
        await CallUntilDecidedAsync();

        Assert.Equal(nameof(RefusalReason.UnexpectedError), current);
        Assert.Equal(3, Model.Active.Version);
    }

    [Fact]
    public async Task RefreshAsync_CandidateRevokedOrReplaced_IsAbandoned()
    {
        TestModel second = TestModel.Create(version: 2);
        await _fixture.PublishAsync(second);
        await _node.RefreshAsync();
        await _fixture.Honest.Policy.RevokeAsync([second.Sha256], CancellationToken.None);

        RefreshResult result = await _node.RefreshAsync();

        Assert.Equal(RefusalReason.ArtifactRevoked, result.Refusal?.Reason);
        Assert.Equal((1, ShadowState.Abandoned), (Model.Active.Version, _node.Status.Shadow.Single().State));
    }

    [Fact]
    public async Task RefreshAsync_OtherInputs_SwitchesAtOnceAndAPinDoesNotWait()
    {
        _node.Dispose();
        _fixture.Options.AddModel("threat-classifier", s => s.AnySchema = true);
        _node = _fixture.OpenNode();
        await _node.RestoreAsync();
        await _fixture.PublishAsync(TestModel.Create(version: 2, numbers: 5));
        RefreshResult other = await _node.RefreshAsync();

        RefreshResult pinned = await _node.PinAsync(1);

        Assert.Equal((true, true, 1), (other.Activated, pinned.Activated, Model.Active.Version));
    }

    private async Task CallUntilDecidedAsync()
    {
        Task settled = _node.ShadowSettled.WaitAsync(TimeSpan.FromSeconds(60));
        for (int i = 0; !settled.IsCompleted; i++)
        {
            Model.Predict(_first.NumbersOf(i % _first.Golden.Labels.Count));
            await Task.Yield();
        }

        await settled;
    }
}
