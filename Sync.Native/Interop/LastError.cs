using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using Sync.Client;

namespace Sync.Native.Interop;

/// <summary>The reason why the last call of a thread failed, in memory that C reads.</summary>
internal sealed unsafe class LastError
{
    private const int MaxBytes = 4096;

    [ThreadStatic]
    private static LastError? _current;

    // Pinned, and collected some time after the thread has ended.
    private readonly byte[] _text = GC.AllocateArray<byte>(MaxBytes, pinned: true);

    /// <summary>Ended by a NUL; empty where no call of this thread failed.</summary>
    public static byte* Text => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(_current is { } own ? own._text : "\0"u8));

    public static NativeStatus Set(NativeStatus status, string message)
    {
        LastError own = _current ??= new LastError();

        // A text that is too long ends before the character that does not fit.
        Utf8.FromUtf16(message, own._text.AsSpan(0, MaxBytes - 1), out _, out int written);
        own._text[written] = 0;
        return status;
    }

    /// <summary>No exception may cross the boundary: each is a status, and its message the text.</summary>
    public static NativeStatus From(Exception exception) => Set(
        exception switch
        {
            NativeCallException call => call.Status,
            RelayModelException model => From(model.Fault),
            OperationCanceledException or TimeoutException => NativeStatus.TimedOut,
            IOException or UnauthorizedAccessException => NativeStatus.FileUnreadable,
            ArgumentException => NativeStatus.InvalidArgument,
            _ => NativeStatus.InternalError,
        },
        exception is NativeCallException or RelayModelException ? Name(exception.Message) : $"{exception.GetType().Name}: {exception.Message}");

    // The client's errors name options as its own callers write them.
    private static string Name(string message) =>
        message.Replace($"set {nameof(RelaySyncOptions)}.{nameof(RelaySyncOptions.Explanations)}", "set the option 'explanations' to true");

    private static NativeStatus From(RelayModelFault fault) => fault switch
    {
        RelayModelFault.NotReady => NativeStatus.NotReady,
        RelayModelFault.WrongTask => NativeStatus.WrongTask,
        RelayModelFault.WrongWidth => NativeStatus.WrongWidth,
        RelayModelFault.WrongType => NativeStatus.WrongType,
        RelayModelFault.MissingValue => NativeStatus.MissingValue,
        RelayModelFault.WrongOutput => NativeStatus.WrongOutput,
        RelayModelFault.NotExplainable => NativeStatus.NotExplainable,
        RelayModelFault.ScorerFailed => NativeStatus.ScorerFailed,
        _ => NativeStatus.InternalError,
    };
}
