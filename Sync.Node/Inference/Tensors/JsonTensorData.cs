using System.Text.Json;

namespace Sync.Node.Inference.Tensors;

/// <summary>Elements as a JSON array: flat, or nested as the shape says. Null is a missing value of FP32, FP64 and BYTES.</summary>
/// <param name="json">The array, which is well-formed.</param>
internal sealed class JsonTensorData(ReadOnlyMemory<byte> json) : TensorData
{
    // An element has at least one character, and a comma or bracket.
    public override long MaximumElements(TensorType type) => json.Length / 2;

    public override void CopyNumbers(InputTensor tensor, Span<float> target, int stride)
    {
        Utf8JsonReader reader = new(json.Span);
        Rows rows = new(tensor);
        int count = 0;
        while (rows.MoveToElement(ref reader))
        {
            if (count == tensor.Shape.Elements)
            {
                throw WrongCount(tensor, "more");
            }

            target[count++ * stride] = ReadNumber(ref reader, tensor);
        }

        RequireAll(tensor, count);
    }

    public override void CopyTexts(InputTensor tensor, Span<string> target, int stride)
    {
        Utf8JsonReader reader = new(json.Span);
        Rows rows = new(tensor);
        int count = 0;
        while (rows.MoveToElement(ref reader))
        {
            if (count == tensor.Shape.Elements)
            {
                throw WrongCount(tensor, "more");
            }

            target[count++ * stride] = ReadText(ref reader, tensor);
        }

        RequireAll(tensor, count);
    }

    private static void RequireAll(InputTensor tensor, int count)
    {
        if (count != tensor.Shape.Elements)
        {
            throw WrongCount(tensor, $"{count}");
        }
    }

    private static float ReadNumber(ref Utf8JsonReader reader, InputTensor tensor)
    {
        bool isReal = tensor.Type is TensorType.Fp32 or TensorType.Fp64;
        switch (reader.TokenType)
        {
            case JsonTokenType.Null when isReal:
                return float.NaN;
            case JsonTokenType.True or JsonTokenType.False when tensor.Type is TensorType.Bool:
                return reader.TokenType is JsonTokenType.True ? 1 : 0;
            case JsonTokenType.Number when tensor.Type is TensorType.Fp32 && reader.TryGetSingle(out float single) && float.IsFinite(single):
                return single;
            case JsonTokenType.Number when tensor.Type is TensorType.Fp64 && reader.TryGetDouble(out double real) && double.IsFinite(real):
                return NumberRange.ToSingle(real, tensor.Name);
            case JsonTokenType.Number when !isReal && TryReadInteger(ref reader, tensor.Type, out float integer):
                return integer;
            default:
                throw Malformed.Create(
                    $"input '{tensor.Name}' of datatype {TensorTypes.NameOf(tensor.Type)} has the element {Quote(ref reader)}: "
                        + (isReal ? "send a number in its range, or null for a missing value" : "send a value of that type"));
        }
    }

    private static bool TryReadInteger(ref Utf8JsonReader reader, TensorType type, out float number)
    {
        if (type is TensorType.UInt64)
        {
            bool isUnsigned = reader.TryGetUInt64(out ulong large);
            number = large;
            return isUnsigned;
        }

        bool isInteger = reader.TryGetInt64(out long value);
        number = value;
        return isInteger && type switch
        {
            TensorType.UInt8 => value is >= byte.MinValue and <= byte.MaxValue,
            TensorType.UInt16 => value is >= ushort.MinValue and <= ushort.MaxValue,
            TensorType.UInt32 => value is >= uint.MinValue and <= uint.MaxValue,
            TensorType.Int8 => value is >= sbyte.MinValue and <= sbyte.MaxValue,
            TensorType.Int16 => value is >= short.MinValue and <= short.MaxValue,
            TensorType.Int32 => value is >= int.MinValue and <= int.MaxValue,
            _ => type is TensorType.Int64,
        };
    }

    private static string ReadText(ref Utf8JsonReader reader, InputTensor tensor)
    {
        try
        {
            return reader.TokenType switch
            {
                JsonTokenType.Null => "",
                JsonTokenType.String => reader.GetString()!,
                _ => throw Malformed.Create($"input '{tensor.Name}' of datatype BYTES has the element {Quote(ref reader)}: send a text"),
            };
        }
        catch (InvalidOperationException)
        {
            // Bytes that are no UTF-8, and halves of surrogate pairs.
            throw Malformed.Create($"input '{tensor.Name}' has an element that is no Unicode text: a category is text");
        }
    }

    private static string Quote(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => "that is a text",
        JsonTokenType.StartObject => "that is an object",
        JsonTokenType.Number when reader.ValueSpan.Length > 30 => "of more than 30 digits",
        _ => $"{System.Text.Encoding.ASCII.GetString(reader.ValueSpan)}",
    };

    /// <summary>Steps from element to element, and refuses arrays that are nested in another way than the shape.</summary>
    private ref struct Rows(InputTensor tensor)
    {
        private readonly int _columns = tensor.Shape.Columns;
        private readonly bool _mayNest = tensor.Shape.HasColumns;
        private bool _isNested;
        private int _depth;
        private int _inRow;
        private int _seen;

        public bool MoveToElement(ref Utf8JsonReader reader)
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.StartArray)
                {
                    Enter();
                }
                else if (reader.TokenType is JsonTokenType.EndArray)
                {
                    Leave();
                }
                else
                {
                    Count();
                    return true;
                }
            }

            return false;
        }

        private void Enter()
        {
            _depth++;
            if (_depth == 2)
            {
                Require(_mayNest && (_isNested || _seen == 0));
                (_isNested, _inRow) = (true, 0);
            }

            Require(_depth <= 2);
        }

        private void Leave()
        {
            Require(_depth != 2 || _inRow == _columns);
            _depth--;
        }

        private void Count()
        {
            Require(_depth == 2 || !_isNested);
            _inRow++;
            _seen = 1;
        }

        private readonly void Require(bool holds)
        {
            if (!holds)
            {
                Malformed.Throw(
                    $"input '{tensor.Name}' has arrays that are nested in another way than its shape: send a flat array, or one array a row");
            }
        }
    }
}
