using System.IO.Compression;

namespace Relay.Training.Data.Csv;

/// <summary>Unpacks gzip data of one or more members, and refuses data that are cut off, damaged or followed by other bytes. The platform's
/// stream checks the sums, but takes the end of its input for the end of the data and ignores what follows the last member. So this stream
/// appends a member of its own: only where all data are whole does it come out.</summary>
internal sealed class WholeGzipStream(Stream packed) : ReadOnlyStream
{
    private static readonly byte[] Marker = "relay: the end of all members"u8.ToArray();
    private static readonly byte[] MarkerMember = Pack(Marker);

    private readonly MarkedStream _input = new(packed);
    private GZipStream? _unpacked;
    private long _lines;
    private bool _isAtEnd;

    /// <exception cref="InvalidDataException">The data are not whole; the message says how many lines were.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (_isAtEnd || buffer.IsEmpty)
        {
            return 0;
        }

        int read = Unpack(buffer);
        if (_input.IsAtMarker)
        {
            RequireMarker(buffer[..read]);
            _isAtEnd = true;
            return 0;
        }

        if (read == 0)
        {
            throw new InvalidDataException($"bytes follow the end of the gzip data, after line {_lines}, that do not belong to them");
        }

        _lines += buffer[..read].Count((byte)'\n');
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unpacked?.Dispose();
            packed.Dispose();
        }

        base.Dispose(disposing);
    }

    // The platform's stream asks for input only when it has given out all that it had: what comes after the marker was read is the marker.
    private int Unpack(Span<byte> buffer)
    {
        try
        {
            return (_unpacked ??= new GZipStream(_input, CompressionMode.Decompress, leaveOpen: true)).Read(buffer);
        }
        catch (InvalidDataException e) when (!_input.IsAtMarker)
        {
            throw new InvalidDataException($"the gzip data are damaged after line {_lines}, {e.Message}", e);
        }
        catch (InvalidDataException e)
        {
            throw CutOff(e);
        }
    }

    private void RequireMarker(ReadOnlySpan<byte> start)
    {
        Span<byte> end = stackalloc byte[Marker.Length + 1];
        int length = Math.Min(start.Length, end.Length);
        start[..length].CopyTo(end);
        for (int read = -1; read != 0 && length < end.Length; length += read)
        {
            read = Unpack(end[length..]);
        }

        if (start.Length > Marker.Length || !end[..length].SequenceEqual(Marker))
        {
            throw CutOff(null);
        }
    }

    private InvalidDataException CutOff(Exception? inner) => new($"the gzip data are cut off after line {_lines}", inner);

    private static byte[] Pack(byte[] text)
    {
        using MemoryStream member = new();
        using (GZipStream gzip = new(member, CompressionLevel.Fastest))
        {
            gzip.Write(text);
        }

        return member.ToArray();
    }

    /// <summary>The packed data, and after their end the marker's member.</summary>
    private sealed class MarkedStream(Stream data) : ReadOnlyStream
    {
        private int _markerRead = -1;

        /// <summary>Whether more was asked for than the data hold.</summary>
        public bool IsAtMarker => _markerRead >= 0;

        public override int Read(Span<byte> buffer)
        {
            int read = IsAtMarker ? 0 : data.Read(buffer);
            if (read > 0 || buffer.IsEmpty)
            {
                return read;
            }

            _markerRead = Math.Max(_markerRead, 0);
            read = Math.Min(buffer.Length, MarkerMember.Length - _markerRead);
            MarkerMember.AsSpan(_markerRead, read).CopyTo(buffer);
            _markerRead += read;
            return read;
        }
    }
}
