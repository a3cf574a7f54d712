using Apache.Arrow.Ipc;

namespace Relay.Training.Data.Columnar;

/// <summary>Refuses compressed Arrow files: their buffers state lengths that nothing in the file bounds,
/// and Parquet is there for small files.</summary>
internal sealed class UncompressedOnly : ICompressionCodecFactory
{
    /// <exception cref="NotSupportedException">Always; says what to do.</exception>
    public ICompressionCodec CreateCodec(CompressionCodecType compressionCodecType) => throw Refuse(compressionCodecType);

    /// <exception cref="NotSupportedException">Always; says what to do.</exception>
    public ICompressionCodec CreateCodec(CompressionCodecType compressionCodecType, int? compressionLevel) => throw Refuse(compressionCodecType);

    private static NotSupportedException Refuse(CompressionCodecType type) => new(
        $"the Arrow file is compressed ({type}), expected one without compression: write it with compression=\"uncompressed\", or as Parquet");
}
