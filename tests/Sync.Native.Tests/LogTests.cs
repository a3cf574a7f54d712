using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Relay.TestKit.Models;
using Sync.Native.Interop;
using Sync.Native.Logs;

namespace Sync.Native.Tests;

/// <summary>The log callback. Nodes of other tests log meanwhile: each test looks at messages of its own node.</summary>
public sealed class LogTests
{
    private const int Information = (int)LogLevel.Information;

    [Fact]
    public async Task SetLog_UpdateOfANode_IsPassedOnWithItsName()
    {
        await using NativeFixture fixture = await NativeFixture.StartAsync();
        await fixture.PublishAsync(TestModel.Create());
        using LogRecorder all = new("update");
        using LogRecorder errors = new("update");
        ulong node = Open(fixture, "update");

        all.Set(Information);
        Assert.Equal(NativeStatus.Ok, NativeApi.Refresh(node, 60_000, out _));
        errors.Set((int)LogLevel.Error);
        Assert.Equal(NativeStatus.Ok, NativeApi.Hold(node));
        LogRecorder.Unset();

        Assert.Contains(all.Messages, m => m.Level == Information && m.Text.StartsWith("Release 1 is active", StringComparison.Ordinal));
        Assert.DoesNotContain(all.Messages, m => m.Text.StartsWith("Steering", StringComparison.Ordinal));
        Assert.Empty(errors.Messages);
        NativeApi.Close(node);
    }

    [Fact]
    public async Task SetLog_CallbackThatClosesTheNodeAndUnsetsItself_EndsBoth()
    {
        await using NativeFixture fixture = await NativeFixture.StartAsync();
        await fixture.PublishAsync(TestModel.Create());
        using LogRecorder receiver = new("closing");
        using ManualResetEventSlim unset = new();
        ulong node = Open(fixture, "closing");
        receiver.OnMessage = () =>
        {
            receiver.Results.Enqueue(NativeApi.StatusJson(node, out _));
            receiver.Results.Enqueue(NativeApi.Close(node));
            receiver.Results.Enqueue(LogRecorder.TryUnset());
            unset.Set();
        };
        receiver.Set(Information);

        NativeApi.Refresh(node, 60_000, out _);
        unset.Wait(TestContext.Current.CancellationToken);

        // The thread of the log is done with the callback once it has passed on a later message.
        using LogRecorder later = new("later");
        later.Set(Information);
        LogQueue.Add(Information, "later", "x");
        later.Called.Wait(TestContext.Current.CancellationToken);
        LogRecorder.Unset();
        Assert.Equal([NativeStatus.Ok, NativeStatus.Ok, NativeStatus.Ok], receiver.Results);
        Assert.Single(receiver.Messages);
        Assert.Equal(NativeStatus.InvalidHandle, NativeApi.Close(node));
    }

    [Fact]
    public async Task SetLog_Unset_WaitsForTheCallbackThatRunsAndForWhatWaits()
    {
        using LogRecorder receiver = new("slow");
        using ManualResetEventSlim release = new();
        receiver.OnMessage = release.Wait;
        receiver.Set(Information);
        LogQueue.Add(Information, "slow", "first");
        LogQueue.Add(Information, "slow", "second");
        receiver.Called.Wait(TestContext.Current.CancellationToken);

        Task unset = Task.Factory.StartNew(LogRecorder.Unset, TaskCreationOptions.LongRunning);
        Assert.False(unset.IsCompleted);
        release.Set();
        await unset;

        Assert.Equal(["first", "second"], receiver.Messages.Select(m => m.Text));
    }

    [Fact]
    public async Task SetLog_ChangedWhileThreadsLog_CallsNoneThatWasUnset()
    {
        using CancellationTokenSource stop = new();
        Task[] logging =
        [
            .. Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    while (!stop.IsCancellationRequested)
                    {
                        LogQueue.Add(Information, "busy", "x");
                    }
                }, TaskCreationOptions.LongRunning)),
        ];
        for (int round = 0; round < 20; round++)
        {
            LogRecorder receiver = new("busy");
            receiver.Set(Information);
            receiver.Called.Wait(TestContext.Current.CancellationToken);
            LogRecorder.Unset();

            // What the context points to is gone: a call would end the process.
            receiver.Dispose();
        }

        await stop.CancelAsync();
        await Task.WhenAll(logging);
    }

    [Fact]
    public void SetLog_CallbackThatIsTooSlow_LosesMessagesAndSaysHowMany()
    {
        using LogRecorder receiver = new(node: null);
        using ManualResetEventSlim release = new();
        receiver.OnMessage = release.Wait;
        receiver.Set(Information);
        for (int message = 0; message < LogQueue.Capacity + 10; message++)
        {
            LogQueue.Add(Information, "flood", "x");
        }

        release.Set();
        SpinWait.SpinUntil(() =>
        {
            LogQueue.Add(Information, "flood", "last");
            return receiver.Messages.Any(m => m.Text.Contains("are lost", StringComparison.Ordinal));
        });
        LogRecorder.Unset();

        Assert.Contains(receiver.Messages, m => Regex.IsMatch(m.Text, @"^\d+ messages are lost"));
        Assert.Equal("last", receiver.Messages.Last(m => m.Text is "x" or "last").Text);
    }

    [Fact]
    public void SetLog_LevelThatDoesNotExist_IsRefused()
    {
        using LogRecorder receiver = new("none");

        Assert.Equal(NativeStatus.InvalidArgument, receiver.TrySet(0));
        Assert.Equal(NativeStatus.InvalidArgument, receiver.TrySet(5));
        Assert.Contains("min_level is 5", NativeApi.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public void Log_TextsOfOthers_IsOneLine()
    {
        using LogRecorder receiver = new("lines");
        receiver.Set(Information);
        NodeLogger logger = new("lines");
        logger.LogWarning(new InvalidDataException("two\nlines"), "a \u001b[31mtext");
        logger.LogDebug("not wanted");
        LogRecorder.Unset();

        (int level, string text) = Assert.Single(receiver.Messages);
        Assert.Equal((int)LogLevel.Warning, level);
        Assert.DoesNotContain(text, char.IsControl);
        Assert.StartsWith("a ", text, StringComparison.Ordinal);
        Assert.Contains(": InvalidDataException: two", text, StringComparison.Ordinal);
    }

    private static ulong Open(NativeFixture fixture, string name)
    {
        Assert.Equal(NativeStatus.Ok, NativeApi.Open(out ulong node, [.. fixture.Options.Where(o => o.Name != "node"), ("node", name)]));
        return node;
    }
}
