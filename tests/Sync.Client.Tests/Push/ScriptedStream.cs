using System.Text;
using System.Threading.Channels;

namespace Sync.Client.Tests.Push;

/// <summary>A response body whose bytes a test sends piece by piece.</summary>
internal sealed class ScriptedStream : MemoryStream
{
    private readonly Channel<byte[]> _pieces = Channel.CreateUnbounded<byte[]>();
    private int _reads;

    /// <summary>The number of reads that have begun: all pieces before the last read were taken.</summary>
    public int Reads => Volatile.Read(ref _reads);

    public void Send(string text) => _pieces.Writer.TryWrite(Encoding.UTF8.GetBytes(text));

    public void End() => _pieces.Writer.TryComplete();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _reads);
        if (!await _pieces.Reader.WaitToReadAsync(cancellationToken) || !_pieces.Reader.TryRead(out byte[]? piece))
        {
            return 0;
        }

        piece.CopyTo(buffer);
        return piece.Length;
    }
}
