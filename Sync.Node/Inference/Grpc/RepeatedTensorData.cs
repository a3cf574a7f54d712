using Sync.Node.Inference.Grpc.Protocol;
using Sync.Node.Inference.Tensors;

namespace Sync.Node.Inference.Grpc;

/// <summary>Elements in the repeated field of their datatype.</summary>
internal sealed class RepeatedTensorData(InferTensorContents contents) : TensorData
{
    public override long MaximumElements(TensorType type) => type switch
    {
        TensorType.Bool => contents.BoolContents.Count,
        TensorType.Int8 or TensorType.Int16 or TensorType.Int32 => contents.IntContents.Count,
        TensorType.Int64 => contents.Int64Contents.Count,
        TensorType.UInt8 or TensorType.UInt16 or TensorType.UInt32 => contents.UintContents.Count,
        TensorType.UInt64 => contents.Uint64Contents.Count,
        TensorType.Fp32 => contents.Fp32Contents.Count,
        TensorType.Fp64 => contents.Fp64Contents.Count,
        _ => contents.BytesContents.Count,
    };

    public override void CopyNumbers(InputTensor tensor, Span<float> target, int stride)
    {
        RequireAll(tensor);
        for (int i = 0; i < tensor.Shape.Elements; i++)
        {
            target[i * stride] = tensor.Type switch
            {
                TensorType.Fp32 => contents.Fp32Contents[i],
                TensorType.Fp64 => NumberRange.ToSingle(contents.Fp64Contents[i], tensor.Name),
                TensorType.Bool => contents.BoolContents[i] ? 1 : 0,
                TensorType.Int64 => contents.Int64Contents[i],
                TensorType.UInt64 => contents.Uint64Contents[i],
                TensorType.Int8 => InRange(contents.IntContents[i], sbyte.MinValue, sbyte.MaxValue, tensor),
                TensorType.Int16 => InRange(contents.IntContents[i], short.MinValue, short.MaxValue, tensor),
                TensorType.Int32 => contents.IntContents[i],
                TensorType.UInt8 => InRange(contents.UintContents[i], byte.MinValue, byte.MaxValue, tensor),
                TensorType.UInt16 => InRange(contents.UintContents[i], ushort.MinValue, ushort.MaxValue, tensor),
                _ => contents.UintContents[i],
            };
        }
    }

    public override void CopyTexts(InputTensor tensor, Span<string> target, int stride)
    {
        RequireAll(tensor);
        for (int i = 0; i < tensor.Shape.Elements; i++)
        {
            target[i * stride] = RawTensorData.Decode(contents.BytesContents[i].Span, tensor.Name);
        }
    }

    /// <summary>Elements of one field alone: with others, it is not clear which are meant.</summary>
    private void RequireAll(InputTensor tensor)
    {
        long all = (long)contents.BoolContents.Count + contents.IntContents.Count + contents.Int64Contents.Count + contents.UintContents.Count
            + contents.Uint64Contents.Count + contents.Fp32Contents.Count + contents.Fp64Contents.Count + contents.BytesContents.Count;
        if (all != MaximumElements(tensor.Type) || all != tensor.Shape.Elements)
        {
            throw WrongCount(tensor, $"{MaximumElements(tensor.Type)} in the field of its datatype, and {all} in all fields");
        }
    }

    private static float InRange(long number, long minimum, long maximum, InputTensor tensor) => number >= minimum && number <= maximum
        ? number
        : throw Malformed.Create($"input '{tensor.Name}' has the element {number}, which is no {TensorTypes.NameOf(tensor.Type)}");
}
