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

    private byte[] _line = new byte[UsualBytes];
    private StringBuilder _data = new();
    private int _length;
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
        foreach (byte value in bytes)
        {
            bool isSecondOfPair = value == '\n' && _isAfterReturn;
            _isAfterReturn = value == '\r';
            if (isSecondOfPair)
            {
                continue;
            }

            if (value is (byte)'\n' or (byte)'\r')
            {
                if (!TryEndLine(events))
                {
                    return false;
                }
            }
            else if (_length == MaximumBytes)
            {
                return false;
            }
            else
            {
                if (_length == _line.Length)
                {
                    Array.Resize(ref _line, Math.Min(2 * _length, MaximumBytes));
                }

                _line[_length++] = value;
            }
        }

        return true;
    }

    private bool TryEndLine(List<ServerEvent> events)
    {
        string line = Encoding.UTF8.GetString(_line, 0, _length);
        line = _isStart ? line.TrimStart('\uFEFF') : line;
        (_isStart, _length) = (false, 0);
        _line = _line.Length == UsualBytes ? _line : new byte[UsualBytes];
        Lines++;
        if (line.Length == 0)
        {
            EndEvent(events);
            return true;
        }

        int colon = line.IndexOf(':', StringComparison.Ordinal);
        (string field, string value) = colon < 0 ? (line, "") : (line[..colon], line[(colon + 1)..]);
        return TryTake(field, value.StartsWith(' ') ? value[1..] : value);
    }

    private bool TryTake(string field, string value)
    {
        switch (field)
        {
            case "event":
                _type = value;
                return true;
            case "data":
                _ = _hasData ? _data.Append('\n') : _data;
                _data.Append(value);
                _hasData = true;
                return _data.Length <= MaximumBytes;
            case "retry" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds):
                Retry = TimeSpan.FromMilliseconds(milliseconds);
                return true;
            default:
                return true;
        }
    }

    private void EndEvent(List<ServerEvent> events)
    {
        if (_hasData)
        {
            events.Add(new ServerEvent(_type, _data.ToString()));
        }

        _data = _data.Capacity <= UsualBytes ? _data.Clear() : new StringBuilder();
        (_type, _hasData) = ("", false);
    }
}
