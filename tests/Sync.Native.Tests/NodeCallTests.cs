using System.Text.Json;
using Relay.TestKit;
using Relay.TestKit.Models;
using Relay.TestKit.Trust;
using Sync.Native.Interop;

namespace Sync.Native.Tests;

/// <summary>Nodes, from their options to their end, through the pointers that C has.</summary>
public sealed class NodeCallTests : IAsyncLifetime
{
    private NativeFixture _fixture = null!;

    public async ValueTask InitializeAsync() => _fixture = await NativeFixture.StartAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Refresh_NewRelease_IsActiveAndSurvivesTheRelay()
    {
        TestModel model = TestModel.Create();
        await _fixture.PublishAsync(model);
        ulong node = Open(_fixture.Options);
        AssertOk(NativeApi.FindModel(node, NativeFixture.Model, out ulong handle));
        Assert.Equal(NativeStatus.NotReady, NativeApi.Predict(handle, [1, 2, 3, 4], [], out _, []));

        AssertOk(NativeApi.Refresh(node, 60_000, out int activated));
        AssertOk(NativeApi.Predict(handle, [1, 2, 3, 4], [], out NativePrediction answer, []));
        AssertOk(NativeApi.Refresh(node, 60_000, out int again));

        Assert.Equal((1, 0, model.Sha256), (activated, again, NativeText(answer)));
        AssertOk(NativeApi.Close(node));
        Assert.Equal(NativeStatus.InvalidHandle, NativeApi.Predict(handle, [1, 2, 3, 4], [], out _, []));
        Assert.Equal(NativeStatus.InvalidHandle, NativeApi.Close(node));
        Assert.Equal(NativeStatus.InvalidHandle, NativeApi.Refresh(node, 0, out _));

        // The same store, and a relay that is gone.
        _fixture.KillRelay();
        ulong later = Open(_fixture.Options);
        AssertOk(NativeApi.FindModel(later, NativeFixture.Model, out handle));
        AssertOk(NativeApi.WaitReady(later, 0));
        AssertOk(NativeApi.Predict(handle, [1, 2, 3, 4], [], out NativePrediction stored, []));
        Assert.Equal(NativeText(answer), NativeText(stored));
        Assert.NotEqual(NativeStatus.Ok, NativeApi.Refresh(later, 60_000, out _));
        Assert.Contains("TransportUnavailable", NativeApi.LastError, StringComparison.Ordinal);
        AssertOk(NativeApi.Close(later));
    }

    [Fact]
    public async Task Start_ReleaseThatComesLater_IsWaitedFor()
    {
        ulong node = Open([.. _fixture.Options, ("poll-seconds", "0.1"), ("push", "false")]);
        AssertOk(NativeApi.Start(node));
        AssertOk(NativeApi.Start(node));
        Assert.Equal(NativeStatus.TimedOut, NativeApi.WaitReady(node, 50));

        await _fixture.PublishAsync(TestModel.Create());

        AssertOk(NativeApi.WaitReady(node, 60_000));
        AssertOk(NativeApi.Stop(node));
        AssertOk(NativeApi.Stop(node));
        AssertOk(NativeApi.StatusJson(node, out string json));
        JsonElement status = JsonDocument.Parse(json).RootElement;
        Assert.Equal((1, "native", "stable"), (
            status.GetProperty("release").GetInt32(), status.GetProperty("node").GetString(), status.GetProperty("channel").GetString()));
        Assert.Equal(NativeFixture.Model, status.GetProperty("models")[0].GetProperty("name").GetString());
        AssertOk(NativeApi.Close(node));
    }

    [Fact]
    public async Task Close_WhileAnotherThreadWaits_EndsTheWait()
    {
        ulong node = Open(_fixture.Options);
        Task<NativeStatus> waiting = Task.Factory.StartNew(() => NativeApi.WaitReady(node, -1), TaskCreationOptions.LongRunning);

        AssertOk(NativeApi.Close(node));

        Assert.Contains(await waiting, (NativeStatus[])[NativeStatus.TimedOut, NativeStatus.InvalidHandle]);
    }

    [Fact]
    public async Task Import_OnAnAirGappedNode_RunsTheRelease()
    {
        await _fixture.PublishAsync(TestModel.Create());
        string bundle = await _fixture.ExportBundleAsync();
        (string? Name, string? Value)[] options =
            [("air-gapped", "true"), ("root", _fixture.Combine("root.json")), ("store", _fixture.Combine("store")), ("model", NativeFixture.Model)];
        ulong node = Open(options);

        Assert.Equal(NativeStatus.InvalidArgument, NativeApi.Start(node));
        Assert.Equal(NativeStatus.FileUnreadable, NativeApi.Import(node, _fixture.Combine("none")));
        Assert.Equal(NativeStatus.InvalidArgument, NativeApi.Import(node, null));
        AssertOk(NativeApi.Import(node, bundle));
        AssertOk(NativeApi.WaitReady(node, 0));
        AssertOk(NativeApi.Close(node));
    }

    [Fact]
    public void Open_WrongOptions_AreNamedAndOpenNothing()
    {
        (string? Name, string? Value)[] good = _fixture.Options;
        AssertRefused("there is no option 'rooot'", [.. good, ("rooot", "x")]);
        AssertRefused("option 'store' is given twice", [.. good, ("store", "x")]);
        AssertRefused("option 'poll-seconds' is '-1'", [.. good, ("poll-seconds", "-1")]);
        AssertRefused("option 'push' is 'yes', neither true nor false", [.. good, ("push", "yes")]);
        AssertRefused("option 'relay' is 'http://relay', no https:// address", [("relay", "http://relay")]);
        AssertRefused("option 'root' is", [.. good.Where(o => o.Name != "root")]);
        AssertRefused("option 'model' is empty", [.. good.Where(o => o.Name != "model")]);
        AssertRefused("option 'ca' is 'none.pem'", [.. good.Where(o => o.Name != "ca"), ("ca", "none.pem")]);
        AssertRefused("option 'proxy' is 'ftp://proxy/'", [.. good, ("proxy", "ftp://proxy")]);
        AssertRefused("option 'maintenance-window'", [.. good, ("maintenance-window", "sometimes")]);
        AssertRefused("the value of option 'channel' is NULL", [.. good, ("channel", null)]);
        AssertRefused("the name of an option is NULL", [.. good, (null, "x")]);
    }

    [Fact]
    public async Task Refresh_ReleaseThatDoesNotVerify_IsRefusedAndTheActiveOneStays()
    {
        TestModel model = TestModel.Create();
        await _fixture.PublishAsync(model);
        ulong node = Open(_fixture.Options);
        AssertOk(NativeApi.Refresh(node, 60_000, out _));
        await _fixture.PublishAsync(TestModel.Create(version: 2, alterGolden: TestModel.SpoilOne));

        Assert.Equal(NativeStatus.Refused, NativeApi.Refresh(node, 60_000, out int activated));

        Assert.Equal(0, activated);
        Assert.StartsWith("GoldenVectorMismatch", NativeApi.LastError, StringComparison.Ordinal);
        AssertOk(NativeApi.FindModel(node, NativeFixture.Model, out ulong handle));
        AssertOk(NativeApi.Predict(handle, [1, 2, 3, 4], [], out NativePrediction answer, []));
        Assert.Equal(1, answer.Version);
        Assert.Equal(NativeStatus.InvalidArgument, NativeApi.CloseModel(handle));
        Assert.Equal(NativeStatus.InvalidArgument, NativeApi.FindModel(node, "other", out _));
        AssertOk(NativeApi.Close(node));
    }

    [Fact]
    public void Refresh_RefusedForAnOption_NamesItAsTheCallerDoes()
    {
        ulong node = Open([.. _fixture.Options, ("channel", "other")]);

        Assert.NotEqual(NativeStatus.Ok, NativeApi.Refresh(node, 60_000, out _));

        Assert.Contains("set option 'channel' to one that it has", NativeApi.LastError, StringComparison.Ordinal);
        AssertOk(NativeApi.Close(node));
    }

    private static unsafe string NativeText(NativePrediction answer) => NativeApi.Text(answer.Sha256);

    private static void AssertRefused(string why, (string? Name, string? Value)[] options)
    {
        Assert.Equal(NativeStatus.InvalidArgument, NativeApi.Open(out ulong node, options));
        Assert.Equal(0ul, node);
        Assert.Contains(why, NativeApi.LastError, StringComparison.Ordinal);
    }

    private static ulong Open((string? Name, string? Value)[] options)
    {
        AssertOk(NativeApi.Open(out ulong node, options));
        return node;
    }

    private static void AssertOk(NativeStatus status) => Assert.True(status is NativeStatus.Ok, $"{status}: {NativeApi.LastError}");
}
