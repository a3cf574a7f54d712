using Relay.Server.History.Trust;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.History;

public sealed class PastTrustTests
{
    [Fact]
    [Trait("Attack", "forged-evidence")]
    public async Task Read_MetadataThatOnlyARootBeforeTheTrustedOneVerifies_IsRefused()
    {
        using TestRepository repository = await TestRepository.CreateAsync();
        long past = repository.Read().Timestamp.Version;
        await repository.RotateAsync(RoleNames.Timestamp);
        long current = repository.Read().Timestamp.Version;
        byte[] second = repository.Serve("metadata/2.root.json")!;

        Result<PastTrust> byFirst = await ReadAsync(past, repository.FirstRoot);
        Result<PastTrust> bySecond = await ReadAsync(past, second);

        Assert.Equal(1, byFirst.ValueOrThrow().Metadata.Root.Version);
        Assert.False(bySecond.IsAccepted);
        Assert.Contains("proves nothing that is older", bySecond.Refusal.Detail, StringComparison.Ordinal);
        Assert.All(
            [await ReadAsync(current, repository.FirstRoot), await ReadAsync(current, second)],
            trust => Assert.Equal(2, trust.ValueOrThrow().Metadata.Root.Version));

        Task<Result<PastTrust>> ReadAsync(long timestamp, byte[] trusted) => PastTrust.ReadAsync(
            new PastFileSource(repository.RepositoryPath), timestamp, repository.Clock.GetUtcNow(), trusted, TestContext.Current.CancellationToken);
    }
}
