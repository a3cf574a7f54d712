using Relay.Training.Data.Columnar;
using Relay.Training.Data.Csv;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Reading;

/// <summary>Opens data files by their first bytes: Parquet, Arrow, else CSV, plain or gzip.</summary>
internal static class RowFiles
{
    private static readonly byte[] Parquet = "PAR1"u8.ToArray();
    private static readonly byte[] EncryptedParquet = "PARE"u8.ToArray();
    private static readonly byte[] Arrow = "ARROW1\0\0"u8.ToArray();
    private static readonly byte[] FeatherV1 = "FEA1"u8.ToArray();

    /// <summary>A file of which the columns that the spec reads are read.</summary>
    /// <exception cref="TrainingException">The file is missing, cannot be opened, or is in a form that is not read.</exception>
    public static RowFile Open(string path, ModelSpec spec) => Open(
        path, spec.Csv,
        spec.Columns.Where(c => c.Type is not ColumnType.Ignore).Concat(spec.GroupColumns).Select(c => c.Name).ToHashSet(StringComparer.Ordinal));

    /// <summary>A file of which all columns are read.</summary>
    /// <exception cref="TrainingException">The file is missing, cannot be opened, or is in a form that is not read.</exception>
    public static RowFile OpenAll(string path, CsvSpec form) => Open(path, form, null);

    private static RowFile Open(string path, CsvSpec form, IReadOnlySet<string>? columns)
    {
        string name = Path.GetFileName(path);
        byte[] start = ReadStart(path);
        return start.AsSpan().StartsWith(Parquet) ? OpenColumns(path, file => new ParquetRowFile(name, file, columns))
            : start.AsSpan().StartsWith(Arrow) ? OpenColumns(path, file => new ArrowRowFile(name, file, columns))
            : start.AsSpan().StartsWith(EncryptedParquet) ? throw Refuse(name, "an encrypted Parquet file; write it without encryption")
            : start.AsSpan().StartsWith(FeatherV1)
                ? throw Refuse(name, "a Feather file of version 1; write it as version 2, which is an Arrow IPC file")
            : CsvFile.Open(path, form);
    }

    // Errors of opening are told by the reader of CSV, for all forms alike.
    private static byte[] ReadStart(string path)
    {
        byte[] start = new byte[8];
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static RowFile OpenColumns(string path, Func<FileStream, RowFile> open)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        try
        {
            return open(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static TrainingException Refuse(string name, string what) => new(TrainingFault.InvalidData, $"{name}: it is {what}");
}
