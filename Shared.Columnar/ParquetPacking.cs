using Parquet.Meta;

namespace Shared.Columnar;

/// <summary>Refuses a column chunk that is compressed or encoded in a way that is not read, or that the library reads as other values.</summary>
internal static class ParquetPacking
{
    private const string Instead = "; write it as PLAIN or with a dictionary";

    private static readonly System.Type[] WithDifferences = [typeof(int), typeof(long), typeof(short), typeof(ushort), typeof(uint), typeof(ulong)];
    private static readonly System.Type[] InStreams = [typeof(double), typeof(float), typeof(int), typeof(long)];

    /// <param name="type">Of the values.</param>
    /// <param name="chunk">What the file states of it.</param>
    /// <exception cref="NotSupportedException">It is refused; the message says what to do.</exception>
    public static void Require(System.Type type, ColumnMetaData? chunk)
    {
        if (chunk is null)
        {
            return;
        }

        if (chunk.Codec is CompressionCodec.LZO)
        {
            throw new NotSupportedException("it is compressed with LZO, which is not read; write it with zstd, snappy or gzip");
        }

        foreach (Encoding encoding in chunk.Encodings.Where(encoding => !IsRead(encoding, type, chunk)))
        {
            string hint = encoding switch
            {
                Encoding.RLE => ", as pyarrow does by data_page_version=\"1.0\"",
                Encoding.DELTA_BINARY_PACKED => ", as DuckDB does by PARQUET_VERSION V1",
                _ => "",
            };
            throw new NotSupportedException($"it is encoded as {encoding}, which is not read of columns of its type{Instead}{hint}");
        }
    }

    // What was read from files of other writers and compared.
    private static bool IsRead(Encoding encoding, System.Type type, ColumnMetaData chunk) => encoding switch
    {
        Encoding.PLAIN or Encoding.PLAIN_DICTIONARY or Encoding.RLE_DICTIONARY or Encoding.DELTA_LENGTH_BYTE_ARRAY => true,

        // Of levels, which say where values are missing. Booleans may be encoded so, too, and would all be false.
        Encoding.BIT_PACKED => true,
        Encoding.RLE => type != typeof(bool) || !HasEncodedBooleans(chunk),
        Encoding.DELTA_BINARY_PACKED => WithDifferences.Contains(type),
        Encoding.BYTE_STREAM_SPLIT => InStreams.Contains(type),

        // Of DELTA_BYTE_ARRAY, the library takes the length of a beginning in common, which is of bytes, for one of characters: another text.
        _ => false,
    };

    private static bool HasEncodedBooleans(ColumnMetaData chunk) => !chunk.Encodings.Contains(Encoding.PLAIN)
        || chunk.EncodingStats?.Any(page => page is { PageType: PageType.DATA_PAGE or PageType.DATA_PAGE_V2, Encoding: Encoding.RLE }) is true;
}
