using System.Buffers;
using System.Globalization;
using System.Text;
using Shared.Contracts.Api;

namespace Sync.Client.Push;

/// <summary>Parses an event stream (HTML Living Standard, 9.2.6) in bounded memory, which a long event takes only while it comes: a line or an event
/// that is too long ends the stream. The id of an event is ignored, since a node knows by its verified metadata what it has.</summary>
internal sealed class EventParser
{
    /// <summary>Of a line, and of the data of an event: files in base64, their names and JSON around them.</summary>
    public const int MaximumBytes = (RelayEvents.MaximumFileBytes / 3 * 4) + (16 * 1024);

    private const int UsualBytes = 1024;

    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    private ArrayBufferWriter<byte> _line = new(UsualBytes);
    private ArrayBufferWriter<byte> _data = new(UsualBytes);
    private string _type = "";
    private bool _hasData;
    private bool _isAfterReturn;
    private bool _isStart = true;

    /// <summary>Complete lines so far, comments and empty ones included.</summary>
    public long Lines { get; private set; }

    /// <summary>The wait before the stream is opened again, where the relay stated one.</summary>
    public TimeSpan? Retry { get; private set; }

    /// <summary>Takes bytes, and gives the events that they complete. False when a line or an event is too long.</summary>
    public bool TryAppend(ReadOnlySpan<byte> bytes, List<ServerEvent> events)
    {
        while (bytes.Length > 0)
        {
            // A line feed after a carriage return ends the same line.
            bytes = _isAfterReturn && bytes[0] == '\n' ? bytes[1..] : bytes;
            _isAfterReturn = false;
            int end = bytes.IndexOfAny((byte)'\r', (byte)'\n');
            ReadOnlySpan<byte> part = end < 0 ? bytes : bytes[..end];
            if (part.Length > MaximumBytes - _line.WrittenCount)
            {
                return false;
            }

            _line.Write(part);
            if (end < 0)
            {
                return true;
            }

            _isAfterReturn = bytes[end] == '\r';
            bytes = bytes[(end + 1)..];
            if (!TryEndLine(events))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryEndLine(List<ServerEvent> events)
    {
        ReadOnlySpan<byte> line = _line.WrittenSpan;
        line = _isStart && line.StartsWith(ByteOrderMark) ? line[ByteOrderMark.Length..] : line;
        _isStart = false;
        Lines++;
        bool isTaken = true;
        if (line.Length == 0)
        {
            EndEvent(events);
        }
        else
        {
            int colon = line.IndexOf((byte)':');
            ReadOnlySpan<byte> value = colon < 0 ? [] : line[(colon + 1)..];
            isTaken = TryTake(colon < 0 ? line : line[..colon], value.StartsWith(" "u8) ? value[1..] : value);
        }

        _line = Clear(_line);
        return isTaken;
    }

    private bool TryTake(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value)
    {
        if (field.SequenceEqual("data"u8))
        {
            return TryTakeData(value);
        }

        if (field.SequenceEqual("event"u8))
        {
            _type = Encoding.UTF8.GetString(value);
        }
        else if (field.SequenceEqual("retry"u8) && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds))
        {
            Retry = TimeSpan.FromMilliseconds(milliseconds);
        }

        return true;
    }

    private bool TryTakeData(ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> separator = _hasData ? "\n"u8 : [];
        if (separator.Length + value.Length > MaximumBytes - _data.WrittenCount)
        {
            return false;
        }

        _data.Write(separator);
        _data.Write(value);
        _hasData = true;
        return true;
    }

    private void EndEvent(List<ServerEvent> events)
    {
        if (_hasData)
        {
            events.Add(new ServerEvent(_type, _data.WrittenSpan.ToArray()));
        }

        _data = Clear(_data);
        (_type, _hasData) = ("", false);
    }

    /// <summary>The buffer, or a small one after a long text.</summary>
    private static ArrayBufferWriter<byte> Clear(ArrayBufferWriter<byte> buffer)
    {
        if (buffer.Capacity > UsualBytes)
        {
            return new(UsualBytes);
        }

        buffer.ResetWrittenCount();
        return buffer;
    }
}
