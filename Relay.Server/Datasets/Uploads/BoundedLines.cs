namespace Relay.Server.Datasets.Uploads;

/// <summary>The lines of a stream. A line that is too long is skipped without being held in memory.</summary>
internal sealed class BoundedLines(Stream content, int maximumBytes) : IDisposable
{
    private readonly byte[] _buffer = new byte[maximumBytes + 1];
    private int _start;
    private int _end;
    private bool _isAtEnd;

    /// <summary>The number of the line, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>True where the line is longer than it may be: its bytes are not there.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>True where the stream ended without a line feed after the line.</summary>
    public bool IsCut { get; private set; }

    /// <summary>The bytes of the line without its line feed, until the next one is read.</summary>
    public ReadOnlySpan<byte> Line => _buffer.AsSpan(_lineStart, _lineLength);

    private int _lineStart;
    private int _lineLength;

    public bool Read()
    {
        IsTooLong = false;
        int newline;
        while ((newline = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n')) < 0 && !_isAtEnd)
        {
            if (_start > 0)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                (_start, _end) = (0, _end - _start);
            }

            if (_end == _buffer.Length)
            {
                // What is here belongs to a line that is too long: its rest is read and dropped.
                (IsTooLong, _end) = (true, 0);
            }

            int read = content.Read(_buffer, _end, _buffer.Length - _end);
            _end += read;
            _isAtEnd = read == 0;
        }

        int length = newline < 0 ? _end - _start : newline;
        if (newline < 0 && length == 0 && !IsTooLong)
        {
            return false;
        }

        IsCut = newline < 0;
        (_lineStart, _lineLength) = (_start, IsTooLong ? 0 : length);
        _start += newline < 0 ? length : newline + 1;
        Number++;
        return true;
    }

    public void Dispose() => content.Dispose();
}
