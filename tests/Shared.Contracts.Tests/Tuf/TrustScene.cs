using Relay.TestKit.Trust;
using Shared.Contracts.Releases;

namespace Shared.Contracts.Tests.Tuf;

/// <summary>A repository with one release, what stands between it and the node, and a node that has seen the release.</summary>
internal sealed class TrustScene : IDisposable
{
    public static readonly byte[] FirstModel = "the first model"u8.ToArray();
    public static readonly byte[] SecondModel = "the second model"u8.ToArray();

    private TrustScene(TestRepository honest)
    {
        Honest = honest;
        Wire = new(honest);
        Node = new(honest.FirstRoot);
    }

    public TestRepository Honest { get; }

    public MisbehavingRepository Wire { get; }

    public PureNode Node { get; }

    public DateTimeOffset Now => Honest.Clock.GetUtcNow();

    public static async Task<TrustScene> CreateAsync()
    {
        TrustScene scene = new(await TestRepository.CreateAsync());
        await scene.Honest.PublishAsync("threat", 1, FirstModel);
        Assert.Null(scene.Fetch(TargetPaths.Channel("stable")));
        return scene;
    }

    public Task PublishSecondAsync() => Honest.PublishAsync("threat", 2, SecondModel);

    public Refusal? Refresh() => Node.Refresh(Wire.Serve, Now);

    public Refusal? Fetch(string path) => Node.Fetch(Wire.Serve, Now, path, out _);

    /// <summary>The node refuses for this reason, also after a restart, and once the wire behaves it goes on as if nothing had been.</summary>
    public void AssertRefused(RefusalReason reason, string? fetch = null)
    {
        AssertForgeryRefused(reason, fetch);
        Wire.Behave();
        Assert.Null(Fetch(TargetPaths.Channel("stable")));
    }

    /// <summary>The same where a forged role came with a rightly signed newer timestamp, behind which the node rightly does not go back.</summary>
    public void AssertForgeryRefused(RefusalReason reason, string? fetch = null)
    {
        Assert.Equal(reason, (fetch is null ? Refresh() : Fetch(fetch))?.Reason);
        Assert.Equal(reason, (fetch is null ? Refresh() : Fetch(fetch))?.Reason);
    }

    public void Dispose()
    {
        Wire.Dispose();
        Honest.Dispose();
    }
}
