using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Sync.Node.Inference.Tensors;

/// <summary>Elements as bytes: little-endian, row after row, without padding; a text after its length in 4 bytes.</summary>
internal sealed class RawTensorData(ReadOnlyMemory<byte> bytes) : TensorData
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public override long MaximumElements(TensorType type) => bytes.Length / TensorTypes.SizeOf(type);

    public override void CopyNumbers(InputTensor tensor, Span<float> target, int stride)
    {
        ReadOnlySpan<byte> source = bytes.Span;
        if (source.Length != (long)tensor.Shape.Elements * TensorTypes.SizeOf(tensor.Type))
        {
            throw WrongCount(tensor, $"{source.Length} bytes, which is not {TensorTypes.SizeOf(tensor.Type)} for each");
        }

        switch (tensor.Type)
        {
            case TensorType.Fp32 when stride == 1 && BitConverter.IsLittleEndian:
                MemoryMarshal.Cast<byte, float>(source).CopyTo(target);
                break;
            case TensorType.Fp32:
                Copy(source, target, stride, static b => BinaryPrimitives.ReadSingleLittleEndian(b), sizeof(float));
                break;
            case TensorType.Fp64:
                CopyDoubles(tensor, source, target, stride);
                break;
            case TensorType.Bool:
                CopyBooleans(tensor, source, target, stride);
                break;
            default:
                CopyIntegers(tensor.Type, source, target, stride);
                break;
        }
    }

    public override void CopyTexts(InputTensor tensor, Span<string> target, int stride)
    {
        ReadOnlySpan<byte> rest = bytes.Span;
        for (int i = 0; i < tensor.Shape.Elements; i++)
        {
            if (rest.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(rest) > rest.Length - sizeof(uint))
            {
                throw WrongCount(tensor, $"{i}, and then ends inside an element: each text is its length in 4 bytes, and its bytes");
            }

            int length = (int)BinaryPrimitives.ReadUInt32LittleEndian(rest);
            target[i * stride] = Decode(rest.Slice(sizeof(uint), length), tensor.Name);
            rest = rest[(sizeof(uint) + length)..];
        }

        if (!rest.IsEmpty)
        {
            throw WrongCount(tensor, $"these and {rest.Length} more bytes");
        }
    }

    /// <exception cref="InferenceException">The bytes are no UTF-8.</exception>
    public static string Decode(ReadOnlySpan<byte> text, string tensor)
    {
        try
        {
            return Utf8.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            throw Malformed.Create($"input '{tensor}' has an element that is no UTF-8 text: a category is text");
        }
    }

    private static void CopyIntegers(TensorType type, ReadOnlySpan<byte> source, Span<float> target, int stride)
    {
        switch (type)
        {
            case TensorType.UInt8: Copy(source, target, stride, static b => b[0], 1); break;
            case TensorType.Int8: Copy(source, target, stride, static b => (sbyte)b[0], 1); break;
            case TensorType.UInt16: Copy(source, target, stride, static b => BinaryPrimitives.ReadUInt16LittleEndian(b), 2); break;
            case TensorType.Int16: Copy(source, target, stride, static b => BinaryPrimitives.ReadInt16LittleEndian(b), 2); break;
            case TensorType.UInt32: Copy(source, target, stride, static b => BinaryPrimitives.ReadUInt32LittleEndian(b), 4); break;
            case TensorType.Int32: Copy(source, target, stride, static b => BinaryPrimitives.ReadInt32LittleEndian(b), 4); break;
            case TensorType.UInt64: Copy(source, target, stride, static b => BinaryPrimitives.ReadUInt64LittleEndian(b), 8); break;
            case TensorType.Int64: Copy(source, target, stride, static b => BinaryPrimitives.ReadInt64LittleEndian(b), 8); break;
            default: throw new UnreachableTypeException(type);
        }
    }

    private static void CopyDoubles(InputTensor tensor, ReadOnlySpan<byte> source, Span<float> target, int stride)
    {
        for (int i = 0; i < tensor.Shape.Elements; i++)
        {
            target[i * stride] = NumberRange.ToSingle(BinaryPrimitives.ReadDoubleLittleEndian(source[(i * sizeof(double))..]), tensor.Name);
        }
    }

    private static void CopyBooleans(InputTensor tensor, ReadOnlySpan<byte> source, Span<float> target, int stride)
    {
        for (int i = 0; i < source.Length; i++)
        {
            target[i * stride] = source[i] <= 1 ? source[i] : throw Malformed.Create($"input '{tensor.Name}' has a BOOL that is neither 0 nor 1");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(ReadOnlySpan<byte> source, Span<float> target, int stride, Read read, int size)
    {
        for (int i = 0, place = 0; i < source.Length; i += size, place += stride)
        {
            target[place] = read(source[i..]);
        }
    }

    private delegate float Read(ReadOnlySpan<byte> bytes);
}
