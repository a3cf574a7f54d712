namespace Sync.Native.Logs;

/// <summary>Who gets the log: what one call of <c>relaysync_set_log</c> named.</summary>
internal sealed unsafe class LogReceiver(
    delegate* unmanaged[Cdecl]<void*, int, byte*, byte*, void> callback, void* context, int minimumLevel)
{
    public int MinimumLevel => minimumLevel;

    /// <summary>Messages that were logged and not passed on yet.</summary>
    public int Pending { get; set; }

    /// <summary>Messages that were too many since the last one that was not.</summary>
    public long Lost { get; set; }

    /// <summary>True where the rest of them is not wanted any more.</summary>
    public bool IsClosed { get; set; }

    public void Call(int level, byte* node, byte* message) => callback(context, level, node, message);
}
