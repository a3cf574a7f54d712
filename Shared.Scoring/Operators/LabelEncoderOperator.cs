using System.Text.Unicode;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Shared.Contracts.Onnx;
using Shared.Scoring.Graph;

namespace Shared.Scoring.Operators;

/// <summary>Maps texts to numbers, and class numbers to texts (LabelEncoder of ai.onnx.ml 2 to 4, with lists).</summary>
internal static class LabelEncoderOperator
{
    /// <summary>The text that the standard gives to a number without one.</summary>
    private const string NoText = "_Unused";

    public static string? Read(NodeProto node, OperatorAttributes attributes, PlanBuilder plan) =>
        (node.Input.Count == 1 ? plan.Find(node.Input[0]) : null) switch
        {
            CategoryValue category when attributes.Has("keys_strings") && attributes.Has("values_floats") =>
                ReadFromTexts(node, attributes, plan, category),
            NumberValue { IsConstant: false, IsFloat: false, Block.Width: 1 } number
                when attributes.Has("keys_int64s") && attributes.Has("values_strings") => ReadToTexts(node, attributes, plan, number),
            _ => "not from text to float32 or from int64 to text",
        };

    private static string? ReadFromTexts(NodeProto node, OperatorAttributes attributes, PlanBuilder plan, CategoryValue category)
    {
        RepeatedField<ByteString> keys = attributes.Texts("keys_strings");
        float[] values = attributes.Floats("values_floats").ToArray();
        if (keys.Count != values.Length || TextTable<float>.Create(keys, values) is not { } byText)
        {
            return "keys that are not texts or occur twice";
        }

        Block output = plan.Reserve(1);
        float other = attributes.Float("default_float") ?? -0f;
        plan.Add(node, new Step(category.Column, byText, other, output), output);
        return null;
    }

    private static string? ReadToTexts(NodeProto node, OperatorAttributes attributes, PlanBuilder plan, NumberValue number)
    {
        RepeatedField<long> keys = attributes.Integers("keys_int64s");
        RepeatedField<ByteString> values = attributes.Texts("values_strings");
        if (!values.All(v => Utf8.IsValid(v.Span)) || values.Count != keys.Count || !keys.SequenceEqual(
            Enumerable.Range(0, keys.Count).Select(i => (long)i)))
        {
            return "keys that are not 0, 1, 2 and so on";
        }

        // An index beyond the keys selects the last text, the default.
        plan.Define(node.Output[0], new LabelValue(
            number.Block, [.. values.Select(v => v.ToStringUtf8()), attributes.Text("default_string") ?? NoText]));
        return null;
    }

    private sealed class Step(int column, TextTable<float> byText, float other, Block output) : PlanStep
    {
        public override void Run(in Rows rows)
        {
            for (int row = 0; row < rows.Count; row++)
            {
                string text = rows.Category(column, row) ?? "";
                rows.Write(output, row)[0] = byText.TryFind(text, out float value) ? value : other;
            }
        }
    }
}
