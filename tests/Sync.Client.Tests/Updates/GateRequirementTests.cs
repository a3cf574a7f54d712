using Relay.Server.Signing.Evidence;
using Relay.TestKit.Models;
using Relay.TestKit.Trust;
using Shared.Contracts;

namespace Sync.Client.Tests.Updates;

/// <summary>A node that requires gates, against versions that lack them and test results that are not what they say.</summary>
public sealed class GateRequirementTests : IAsyncLifetime
{
    private const string Name = "threat-classifier";

    private readonly TestModel _model = TestModel.Create();
    private NodeFixture _fixture = null!;

    public async ValueTask InitializeAsync()
    {
        _fixture = await NodeFixture.StartAsync();
        _fixture.Options.Require.Add("parity");
        _fixture.Options.Require.Add("incumbent-macro-f1");
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task RefreshAsync_AllRequiredGatesPassed_RunsTheVersion() =>
        Assert.Equal(new RefreshResult(Activated: true, null), await RefreshAsync(Result(["parity", "incumbent-macro-f1", "size"])));

    [Fact]
    public async Task RefreshAsync_NoGateRequired_AsksForNoTestResult()
    {
        _fixture.Options.Require.Clear();

        Assert.True((await RefreshAsync()).Activated);
        Assert.DoesNotContain(_fixture.Server.Requests, r => r.Path.Contains("test-result", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Attack", "version-without-required-gate")]
    public async Task RefreshAsync_GateIsMissing_GateNotPassed() => await RefusedAsync(Result(["parity"]));

    [Fact]
    [Trait("Attack", "version-without-required-gate")]
    public async Task RefreshAsync_GateFailedAndWasAccepted_GateNotPassed() =>
        await RefusedAsync(Result(["parity", "incumbent-macro-f1"], failed: ["incumbent-macro-f1"]));

    [Fact]
    public async Task RefreshAsync_NoTestResult_GateNotPassed() => await RefusedAsync();

    [Fact]
    [Trait("Attack", "test-result-of-another-version")]
    public async Task RefreshAsync_ResultOfAnotherFile_GateNotPassed() => await RefusedAsync(
        TestResults.Sign(_fixture.Honest.Keys, Name, 1, new string('a', 64), ["parity", "incumbent-macro-f1"]));

    [Fact]
    [Trait("Attack", "test-result-of-another-version")]
    public async Task RefreshAsync_ResultOfAnotherPath_GateNotPassed() =>
        await RefusedAsync(Result(["parity", "incumbent-macro-f1"], subject: "models/threat-classifier/2/model.onnx"));

    [Fact]
    public async Task RefreshAsync_StatementOfAnotherType_GateNotPassed() => await RefusedAsync(TestResults.Sign(
        _fixture.Honest.Keys, Name, 1, _model.Sha256, ["parity", "incumbent-macro-f1"], predicateType: "https://slsa.dev/provenance/v1"));

    [Fact]
    [Trait("Attack", "test-result-by-another-signer")]
    public async Task RefreshAsync_ResultSignedByAnotherRelay_GateNotPassed()
    {
        using TestRepository other = await TestRepository.CreateAsync();

        await RefusedAsync(TestResults.Sign(other.Keys, Name, 1, _model.Sha256, ["parity", "incumbent-macro-f1"]));
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"payloadType\":\"application/vnd.in-toto+json\",\"payload\":\"!\",\"signatures\":[]}")]
    [InlineData("{\"payloadType\":\"application/vnd.in-toto+json\",\"payload\":\"e30=\",\"signatures\":[{\"sig\":\"AAAA\"}]}")]
    [InlineData("{\"payloadType\":\"application/vnd.in-toto+json\",\"payload\":7,\"signatures\":7}")]
    public async Task RefreshAsync_ResultIsNoEnvelope_GateNotPassed(string text) => await RefusedAsync(
        new EvidenceFile(Shared.Contracts.Releases.TargetPaths.TestResult(Name, 1), System.Text.Encoding.UTF8.GetBytes(text)));

    [Fact]
    public async Task RefreshAsync_SecondVersionLacksAGate_TheFirstGoesOn()
    {
        await RefreshAsync(Result(["parity", "incumbent-macro-f1"]));
        TestModel second = TestModel.Create(version: 2);
        await _fixture.Honest.PublishAsync(
            Name, 2, second.Onnx, evidence: TestResults.Sign(_fixture.Honest.Keys, Name, 2, second.Sha256, ["parity"]));
        using SyncClient node = _fixture.OpenNode();
        await node.RestoreAsync();

        RefreshResult result = await node.RefreshAsync();

        Assert.Equal(RefusalReason.GateNotPassed, result.Refusal?.Reason);
        Assert.Equal(1, node.Model(Name).Active.Version);
    }

    private EvidenceFile Result(string[] passed, string[]? failed = null, string? subject = null) =>
        TestResults.Sign(_fixture.Honest.Keys, Name, 1, _model.Sha256, passed, failed, subject);

    private async Task<RefreshResult> RefreshAsync(params EvidenceFile[] evidence)
    {
        await _fixture.Honest.PublishAsync(Name, 1, _model.Onnx, evidence: evidence);
        using SyncClient node = _fixture.OpenNode();
        return await node.RefreshAsync();
    }

    private async Task RefusedAsync(params EvidenceFile[] evidence)
    {
        RefreshResult result = await RefreshAsync(evidence);

        Assert.False(result.Activated);
        Assert.Equal(RefusalReason.GateNotPassed, result.Refusal?.Reason);
    }
}
