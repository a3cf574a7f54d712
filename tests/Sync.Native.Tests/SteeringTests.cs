using System.Text.Json;
using Relay.TestKit.Models;
using Sync.Native.Interop;

namespace Sync.Native.Tests;

/// <summary>Pin, hold and follow, through the pointers that C has.</summary>
public sealed class SteeringTests : IAsyncLifetime
{
    private NativeFixture _fixture = null!;

    public async ValueTask InitializeAsync() => _fixture = await NativeFixture.StartAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task PinHoldFollow_ChangeWhatRunsAndSurviveARestart()
    {
        await _fixture.PublishAsync(TestModel.Create(version: 1));
        await _fixture.PublishAsync(TestModel.Create(version: 2));
        ulong node = Open();
        AssertOk(NativeApi.Refresh(node, 60_000, out _));
        Assert.Equal((2, "Following", null), Read(node));

        AssertOk(NativeApi.Pin(node, 1, out int activated));
        Assert.Equal(1, activated);
        Assert.Equal((1, "Pinned", 1), Read(node));
        AssertOk(NativeApi.Refresh(node, 60_000, out activated));
        Assert.Equal((0, (1, "Pinned", 1)), (activated, Read(node)));

        AssertOk(NativeApi.Close(node));
        node = Open();
        Assert.Equal((1, "Pinned", 1), Read(node));

        AssertOk(NativeApi.Follow(node));
        Assert.Equal((2, "Following", null), Read(node));
        AssertOk(NativeApi.Hold(node));
        await _fixture.PublishAsync(TestModel.Create(version: 3));
        AssertOk(NativeApi.Refresh(node, 60_000, out activated));
        Assert.Equal((0, (2, "Held", null)), (activated, Read(node)));
        AssertOk(NativeApi.Close(node));
    }

    [Fact]
    public async Task Pin_ReleaseThatDoesNotExist_IsRefusedAndChangesNothing()
    {
        await _fixture.PublishAsync(TestModel.Create());
        ulong node = Open();
        AssertOk(NativeApi.Refresh(node, 60_000, out _));

        Assert.Equal(NativeStatus.Refused, NativeApi.Pin(node, 7, out int activated));
        Assert.Equal(0, activated);
        Assert.NotEmpty(NativeApi.LastError);
        Assert.Equal(NativeStatus.InvalidArgument, NativeApi.Pin(node, 0, out _));
        Assert.Contains("release is 0", NativeApi.LastError, StringComparison.Ordinal);
        Assert.Equal((1, "Following", null), Read(node));
        AssertOk(NativeApi.Close(node));
        Assert.Equal(NativeStatus.InvalidHandle, NativeApi.Pin(node, 1, out _));
        Assert.Equal(NativeStatus.InvalidHandle, NativeApi.Hold(node));
        Assert.Equal(NativeStatus.InvalidHandle, NativeApi.Follow(node));
    }

    [Fact]
    public async Task HoldAndFollow_WithoutTheRelay_AreKeptAllTheSame()
    {
        await _fixture.PublishAsync(TestModel.Create());
        ulong node = Open();
        AssertOk(NativeApi.Refresh(node, 60_000, out _));
        _fixture.KillRelay();

        AssertOk(NativeApi.Hold(node));
        Assert.Equal((1, "Held", null), Read(node));
        AssertOk(NativeApi.Follow(node));
        Assert.Equal((1, "Following", null), Read(node));
        AssertOk(NativeApi.StatusJson(node, out string json));
        Assert.Contains("TransportUnavailable", json, StringComparison.Ordinal);
        AssertOk(NativeApi.Close(node));
    }

    private static (int Release, string Mode, int? Pin) Read(ulong node)
    {
        AssertOk(NativeApi.StatusJson(node, out string json));
        JsonElement status = JsonDocument.Parse(json).RootElement;
        JsonElement steering = status.GetProperty("steering");
        return (
            status.GetProperty("release").GetInt32(), steering.GetProperty("mode").GetString()!,
            steering.TryGetProperty("release", out JsonElement pin) ? pin.GetInt32() : null);
    }

    private ulong Open()
    {
        AssertOk(NativeApi.Open(out ulong node, _fixture.Options));
        return node;
    }

    private static void AssertOk(NativeStatus status) => Assert.True(status is NativeStatus.Ok, $"{status}: {NativeApi.LastError}");
}
