namespace Sync.Native.Interop;

/// <summary>The error of a call that the library itself refuses. It ends at the boundary, as a status and a text.</summary>
internal sealed class NativeCallException(NativeStatus status, string message) : Exception(message)
{
    public NativeStatus Status { get; } = status;
}
