using System.Globalization;
using System.Text;
using Shared.Contracts;

namespace Relay.Server.Training.Records;

/// <summary>What a training run did, a line for each step, which begins with its time. The file is bounded: of a run that writes more, the steps
/// between are left out, and how it ended is not.</summary>
internal sealed class RunLog
{
    public const int MaxLines = 1_000;
    public const int MaxBytes = 128 * 1024;

    /// <summary>Characters of a line after its time.</summary>
    public const int MaxText = 1_000;

    /// <summary>What only important lines may use.</summary>
    private const int ReservedLines = 100;

    private const int ReservedBytes = 48 * 1024;
    private const byte NewLine = (byte)'\n';

    private readonly string _path;
    private readonly TimeProvider _timeProvider;
    private int _lines;
    private long _bytes;
    private bool _isCut;
    private bool _isTorn;

    /// <param name="path">Of the file, which an earlier attempt may have begun.</param>
    public RunLog(string path, TimeProvider timeProvider)
    {
        (_path, _timeProvider) = (path, timeProvider);
        byte[] written = ReadBytes(path);
        (_lines, _bytes) = (written.AsSpan().Count(NewLine), written.Length);
        _isTorn = written.Length > 0 && written[^1] != NewLine;
        _isCut = IsOver(_lines + 1, _bytes, isImportant: false);
    }

    /// <summary>Whether no attempt wrote to it yet.</summary>
    public bool IsEmpty => _lines == 0;

    /// <summary>Adds a line.</summary>
    /// <param name="isImportant">Whether it says how an attempt began or ended, or what is wrong: it is there in a log that is full as well.</param>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Write(string text, bool isImportant = false)
    {
        string time = _timeProvider.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        byte[] line = Encoding.UTF8.GetBytes($"{(_isTorn ? "\n" : "")}{time} {DisplayText.Escape(text, MaxText)}\n");
        if (!IsOver(_lines + 1, _bytes + line.Length, isImportant))
        {
            Append(line);
        }
        else if (!_isCut)
        {
            _isCut = true;
            Write("The log is full: steps are left out from here on.", isImportant: true);
        }
    }

    /// <summary>The whole lines of a log, each with its line end.</summary>
    /// <param name="after">Lines to leave out.</param>
    public static string Read(string path, int after)
    {
        ReadOnlySpan<byte> rest = ReadBytes(path);

        // A line without its end is being written.
        rest = rest[..(rest.LastIndexOf(NewLine) + 1)];
        for (; after > 0 && rest.Length > 0; after--)
        {
            rest = rest[(rest.IndexOf(NewLine) + 1)..];
        }

        return Encoding.UTF8.GetString(rest);
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] bytes = new byte[Math.Min(file.Length, MaxBytes)];
            return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static bool IsOver(int lines, long bytes, bool isImportant) =>
        lines > MaxLines - (isImportant ? 0 : ReservedLines) || bytes > MaxBytes - (isImportant ? 0 : ReservedBytes);

    private void Append(byte[] line)
    {
        using FileStream file = new(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

        // A disk that is full may take a part of it.
        _isTorn = true;
        file.Write(line);
        (_lines, _bytes, _isTorn) = (_lines + 1, _bytes + line.Length, false);
    }
}
