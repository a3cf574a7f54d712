using System.Text;
using System.Text.Json.Nodes;
using Relay.Server.ObjectStore.Copying;
using Relay.TestKit.ObjectStores;
using Relay.TestKit.Trust;

namespace Relay.Server.Tests.ObjectStore.Copying;

/// <summary>Someone else may write to the bucket: immutable files are not overwritten, and no timestamp stops the copy.</summary>
public sealed class BucketAttackTests : IAsyncLifetime
{
    private const string TimestampKey = BucketScene.Prefix + MisbehavingRepository.TimestampPath;

    private BucketScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await BucketScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Theory]
    [Trait("Attack", "bucket-changed-bytes")]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    public async Task RunAsync_TargetThatSomeoneChanged_IsToldAndNotOverwrittenAndHoldsNothingBack(bool isKnown, int moreBytes)
    {
        await _scene.CopyAsync();
        string key = _scene.Store.Objects.Keys.First(one => one.EndsWith(".onnx", StringComparison.Ordinal));
        byte[] changed = [.. _scene.Store.Objects[key].Content.Select(value => (byte)(value ^ 1)), .. new byte[moreBytes]];
        _scene.Store.Put(key, changed);
        await _scene.Original.PublishAsync("threat", 2, [4, 5, 6]);

        CopyReport report = await _scene.CopyAsync(record: isKnown ? "record" : "another");

        Assert.Null(report.Refused);
        Assert.Equal(key[BucketScene.Prefix.Length..], Assert.Single(report.Conflicts).Path);
        Assert.DoesNotContain(key[BucketScene.Prefix.Length..], report.Verified);
        Assert.Equal(changed, _scene.Store.Objects[key].Content);
        Assert.Equal(_scene.Original.Serve(MisbehavingRepository.TimestampPath), _scene.Store.Objects[TimestampKey].Content);
    }

    [Fact]
    [Trait("Attack", "bucket-changed-bytes")]
    public async Task RunAsync_CurrentMetadataThatSomeoneChanged_HoldsTheTimestampBack()
    {
        await _scene.CopyAsync();
        FakeObject timestamp = _scene.Store.Objects[TimestampKey];
        await _scene.Original.Releases.PointChannelAsync("canary", 1, null, TestContext.Current.CancellationToken);
        string key = BucketScene.Prefix + $"metadata/{_scene.Original.Read().Snapshot.Version}.snapshot.json";
        _scene.Store.Put(key, [1, 2, 3]);

        CopyReport report = await _scene.CopyAsync();

        Assert.Equal(CopyRefusal.ChangedMetadata, report.Refused);
        Assert.Equal([1, 2, 3], _scene.Store.Objects[key].Content);
        Assert.Equal(timestamp, _scene.Store.Objects[TimestampKey]);
        _scene.Store.Objects.TryRemove(key, out _);
        Assert.Null((await _scene.CopyAsync()).Refused);
    }

    [Theory]
    [Trait("Attack", "bucket-old-timestamp")]
    [InlineData("old")]
    [InlineData("forged")]
    [InlineData("noise")]
    [InlineData("long")]
    public async Task RunAsync_TimestampThatNoNodeShouldGet_IsReplaced(string kind)
    {
        await _scene.CopyAsync();
        byte[] old = _scene.Store.Objects[TimestampKey].Content;
        await _scene.Original.PublishAsync("threat", 2, [4, 5, 6]);
        await _scene.CopyAsync();
        byte[] current = _scene.Store.Objects[TimestampKey].Content;
        JsonNode forged = JsonNode.Parse(current)!;
        forged["signed"]!["version"] = 1_000_000;
        _scene.Store.Put(TimestampKey, kind switch
        {
            "old" => old,
            "forged" => Encoding.UTF8.GetBytes(forged.ToJsonString()),
            "noise" => [0, 1, 2],
            _ => new byte[1_000_000],
        });

        CopyReport report = await _scene.CopyAsync();

        Assert.Null(report.Refused);
        Assert.Equal(current, _scene.Store.Objects[TimestampKey].Content);
    }
}
