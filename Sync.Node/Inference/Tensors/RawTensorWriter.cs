using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Sync.Node.Inference.Tensors;

/// <summary>Writes elements as bytes, as <see cref="RawTensorData"/> reads them.</summary>
internal static class RawTensorWriter
{
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<float> numbers)
    {
        if (BitConverter.IsLittleEndian)
        {
            output.Write(MemoryMarshal.AsBytes(numbers));
            return;
        }

        foreach (float number in numbers)
        {
            BinaryPrimitives.WriteSingleLittleEndian(output.GetSpan(sizeof(float)), number);
            output.Advance(sizeof(float));
        }
    }

    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<string> texts)
    {
        foreach (string text in texts)
        {
            int length = Encoding.UTF8.GetByteCount(text);
            Span<byte> place = output.GetSpan(sizeof(int) + length);
            BinaryPrimitives.WriteInt32LittleEndian(place, length);
            Encoding.UTF8.GetBytes(text, place[sizeof(int)..]);
            output.Advance(sizeof(int) + length);
        }
    }
}
