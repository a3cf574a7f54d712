using System.Security.Cryptography;
using System.Text.Json;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Audit;

/// <summary>Takes the lines of an audit log as they come, and checks that each names the hash of the line before.</summary>
internal sealed class ChainCheck : Stream
{
    private readonly MemoryStream _line = new();
    private string _hash = new('0', 2 * SHA256.HashSizeInBytes);
    private long _entries;
    private string? _error;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>What the lines are, compared with the signed end of the log.</summary>
    /// <param name="head">The document of the head; null where the relay has none.</param>
    public ChainResult Finish(byte[]? head)
    {
        AuditHead? signed = head is null ? null : JsonSerializer.Deserialize(head, RelayApiJson.Default.AuditHead);

        // Entries may have come since the export: the head is then beyond it.
        if (_error is null && signed is not null && signed.Sequence == _entries && signed.Hash != _hash)
        {
            _error = "The signed end of the log is not its last entry.";
        }

        return new ChainResult(_entries, _hash, _error);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.IndexOf((byte)'\n') is >= 0 and int end)
        {
            _line.Write(buffer[..end]);
            Take(_line.GetBuffer().AsSpan(0, (int)_line.Length));
            _line.SetLength(0);
            buffer = buffer[(end + 1)..];
        }

        _line.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Take(ReadOnlySpan<byte> line)
    {
        if (_error is not null || line.Length == 0)
        {
            return;
        }

        AuditEntry? entry = JsonSerializer.Deserialize(line, RelayApiJson.Default.AuditEntry);
        _error = entry?.Sequence != _entries + 1 ? $"Entry {_entries + 1} is missing."
            : entry.Previous != _hash ? $"Entry {entry.Sequence} does not follow the one before: one of them was changed."
            : null;
        _entries++;
        _hash = Convert.ToHexStringLower(SHA256.HashData(line));
    }
}
