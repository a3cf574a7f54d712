using Relay.Server.Repository.Explaining;
using Relay.Server.Repository.Mirroring;
using Relay.Server.Tests.Repository.Mirroring;
using Relay.TestKit.Models;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Repository.Explaining;

public sealed class TrustExplainerTests : IAsyncLifetime
{
    private static readonly TestModel Model = TestModel.Create();
    private TestRepository _repository = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _repository = await TestRepository.CreateAsync();
        await _repository.PublishAsync("threat-classifier", 1, Model.Onnx);
    }

    public ValueTask DisposeAsync()
    {
        _repository.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Explain_ModelOfTheChannel_HoldsFromRootToChannel()
    {
        Explanation explanation = await ExplainAsync(Model.Onnx);

        Assert.Equal(("model", true), (explanation.Kind, explanation.Trusted));
        Assert.Equal(
            ["anchor", "root", "timestamp", "snapshot", "targets", "channels", "file", "CMS", "ONNX", "release", "policy", "channel stable"],
            explanation.Steps.Select(s => s.Subject));
    }

    [Fact]
    public async Task Explain_ModelWithOneByteAltered_NamesWhatIsListedInItsPlace()
    {
        byte[] altered = [.. Model.Onnx, 0x7a, 0x00];

        Explanation explanation = await ExplainAsync(altered);

        Assert.False(explanation.Trusted);
        Assert.Equal("file", Assert.Single(explanation.Steps, s => !s.Holds).Subject);
    }

    [Fact]
    public async Task Explain_ModelOfNoRelease_SaysThatNobodyLists()
    {
        Explanation explanation = await ExplainAsync(TestModel.Create(version: 9).Onnx);

        Assert.Equal(("model", false), (explanation.Kind, explanation.Trusted));
        Assert.Contains(nameof(RefusalReason.UnlistedTarget), explanation.Steps[^1].Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TargetPaths.SignatureSuffix, "", "signature")]
    [InlineData("", TargetPaths.SignatureSuffix, "model")]
    public async Task Explain_HalfOfModelAndSignatureThatIsListedAlone_FailsAtTheSignature(string listed, string missing, string kind)
    {
        string model = TargetPaths.Model("threat-classifier", 1);
        byte[] file = _repository.Serve($"targets/{_repository.Read().Targets.Files[model + listed].ConsistentPath}")!;
        using MisbehavingRepository wire = new(_repository);
        wire.Forge(
            RoleNames.Targets,
            signed =>
            {
                signed["version"] = 99;
                signed["targets"]!.AsObject().Remove(model + missing);
            },
            RoleNames.Targets);

        Explanation explanation = await new TrustExplainer(new ServedFiles(wire), _repository.Clock).ExplainAsync(
            "file", file, _repository.FirstRoot, Cancel);

        Assert.Equal((kind, false), (explanation.Kind, explanation.Trusted));
        ExplanationStep failed = Assert.Single(explanation.Steps, s => !s.Holds);
        Assert.Equal("CMS", failed.Subject);
        Assert.Contains(nameof(RefusalReason.UnlistedTarget), failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_RevokedModel_FailsAtThePolicy()
    {
        await _repository.Policy.RevokeAsync([Model.Sha256], Cancel);

        Explanation explanation = await ExplainAsync(Model.Onnx);

        Assert.Equal("policy", Assert.Single(explanation.Steps, s => !s.Holds).Subject);
    }

    [Fact]
    public async Task Explain_ExpiredMetadata_FailsAtTheRolesThatExpired()
    {
        _repository.Clock.Advance(TimeSpan.FromDays(8));

        Explanation explanation = await ExplainAsync(Model.Onnx);

        Assert.False(explanation.Trusted);
        Assert.Equal(["timestamp", "snapshot", "channels"], explanation.Steps.Where(s => !s.Holds).Select(s => s.Subject));
    }

    [Theory]
    [InlineData("metadata/timestamp.json", "timestamp")]
    [InlineData("metadata/1.root.json", "root")]
    [InlineData("metadata/2.targets.json", "targets")]
    [InlineData("metadata/2.channels.json", "channels")]
    public async Task Explain_CurrentMetadata_SaysWhichRoleItIs(string path, string kind)
    {
        Explanation explanation = await ExplainAsync(_repository.Serve(path)!);

        Assert.Equal((kind, true), (explanation.Kind, explanation.Trusted));
    }

    [Fact]
    public async Task Explain_OldMetadata_IsNotTrusted() =>
        Assert.False((await ExplainAsync(_repository.Serve("metadata/1.targets.json")!)).Trusted);

    [Fact]
    public async Task Explain_RootOfAnotherRelay_TheRepositoryDoesNotVerify()
    {
        using TestRepository other = await TestRepository.CreateAsync();

        await Assert.ThrowsAsync<InvalidDataException>(() => ExplainAsync(Model.Onnx, other.FirstRoot));
    }

    private Task<Explanation> ExplainAsync(byte[] file, byte[]? root = null) =>
        new TrustExplainer(new FolderFileSource(_repository.RepositoryPath), _repository.Clock)
            .ExplainAsync("file", file, root ?? _repository.FirstRoot, Cancel);
}
