using System.Runtime.InteropServices;
using Sync.Native.Handles;
using Sync.Native.Interop;

namespace Sync.Native.Logs;

/// <summary>Passes the log on to the program's callback, on one thread and in order. What logs never waits for the callback, so that the callback may
/// take locks of the program and call the library; where it is too slow, messages are lost and counted.</summary>
internal static unsafe class LogQueue
{
    public const int Capacity = 1024;
    private const int Warning = 3;

    // The monitor of all that follows, and what waiters are woken by.
    private static readonly object Gate = new();
    private static readonly Queue<LogMessage> Waiting = new();

    private static volatile LogReceiver? _receiver;
    private static Thread? _thread;

    public static bool IsWanted(int level) => _receiver is { } receiver && level >= receiver.MinimumLevel;

    /// <summary>Replaces the receiver. Returns once the one before has all that was logged for it and its callback has returned; a callback that
    /// replaces itself gets nothing more after it has returned.</summary>
    /// <param name="receiver">Null for none.</param>
    public static void Set(LogReceiver? receiver)
    {
        lock (Gate)
        {
            LogReceiver? before = _receiver;
            _receiver = receiver;
            if (receiver is not null && _thread is null)
            {
                ForkGuard.Mark();
                _thread = new Thread(PassOn) { IsBackground = true, Name = "relaysync log" };
                _thread.Start();
            }

            if (before is not null && Thread.CurrentThread == _thread)
            {
                before.IsClosed = true;
                return;
            }

            while (before is { Pending: > 0 })
            {
                Monitor.Wait(Gate);
            }
        }
    }

    public static void Add(int level, string node, string message)
    {
        lock (Gate)
        {
            if (_receiver is not { } receiver || level < receiver.MinimumLevel)
            {
                return;
            }

            if (receiver.Pending == Capacity)
            {
                receiver.Lost++;
                return;
            }

            if (receiver.Lost > 0)
            {
                Add(receiver, Warning, node, $"{receiver.Lost} messages are lost: the log callback is too slow");
                receiver.Lost = 0;
            }

            Add(receiver, level, node, message);
            Monitor.PulseAll(Gate);
        }
    }

    private static void Add(LogReceiver receiver, int level, string node, string message)
    {
        Waiting.Enqueue(new LogMessage(receiver, level, node, message));
        receiver.Pending++;
    }

    private static void PassOn()
    {
        while (true)
        {
            LogMessage? next;
            lock (Gate)
            {
                while (!Waiting.TryDequeue(out next))
                {
                    Monitor.Wait(Gate);
                }
            }

            if (!next.Receiver.IsClosed)
            {
                byte* message = NativeText.Allocate(next.Text);
                next.Receiver.Call(next.Level, NativeText.Intern(next.Node), message);
                NativeMemory.Free(message);
            }

            lock (Gate)
            {
                next.Receiver.Pending--;
                Monitor.PulseAll(Gate);
            }
        }
    }

    private sealed class LogMessage(LogReceiver receiver, int level, string node, string text)
    {
        public LogReceiver Receiver => receiver;

        public int Level => level;

        public string Node => node;

        public string Text => text;
    }
}
