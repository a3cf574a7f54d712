using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sync.Native.Interop;

namespace Sync.Native.Tests;

/// <summary>A log callback that remembers the messages of one node; its context is gone once it is disposed.</summary>
internal sealed unsafe class LogRecorder : IDisposable
{
    private readonly string? _node;
    private GCHandle _handle;

    /// <param name="node">Null for the messages of all nodes.</param>
    public LogRecorder(string? node) => (_node, _handle) = (node, GCHandle.Alloc(this));

    public ConcurrentQueue<(int Level, string Text)> Messages { get; } = [];

    public ConcurrentQueue<NativeStatus> Results { get; } = [];

    public ManualResetEventSlim Called { get; } = new();

    public Action? OnMessage { get; set; }

    public static void Unset() => Assert.Equal(NativeStatus.Ok, TryUnset());

    public static NativeStatus TryUnset() => NativeApi.SetLog(null, null, 0);

    public void Set(int minimumLevel) => Assert.Equal(NativeStatus.Ok, TrySet(minimumLevel));

    public NativeStatus TrySet(int minimumLevel) => NativeApi.SetLog(&Receive, (void*)GCHandle.ToIntPtr(_handle), minimumLevel);

    public void Dispose()
    {
        _handle.Free();
        Called.Dispose();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Receive(void* context, int level, byte* node, byte* message)
    {
        LogRecorder receiver = (LogRecorder)GCHandle.FromIntPtr((nint)context).Target!;
        if (receiver._node is null || NativeApi.Text(node) == receiver._node)
        {
            receiver.Messages.Enqueue((level, NativeApi.Text(message)));
            receiver.Called.Set();
            receiver.OnMessage?.Invoke();
        }
    }
}
