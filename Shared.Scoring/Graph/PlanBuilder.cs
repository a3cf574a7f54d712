using System.Diagnostics.CodeAnalysis;
using Shared.Contracts.Onnx;

namespace Shared.Scoring.Graph;

/// <summary>Collects the steps, constants and working memory of a plan while operators are read in order.</summary>
internal sealed class PlanBuilder
{
    /// <summary>Limit of working memory per row, in values: far above any real row.</summary>
    public const int MaxWidth = 1 << 16;

    private readonly Dictionary<string, PlanValue> _values = new(StringComparer.Ordinal);
    private readonly List<PlanStep> _steps = [];
    private readonly List<float> _constants = [];

    public IReadOnlyList<PlanStep> Steps => _steps;

    public float[] Constants => [.. _constants];

    /// <summary>Values of working memory per row.</summary>
    public int WorkWidth { get; private set; }

    public bool IsTooWide => WorkWidth > MaxWidth;

    public void Define(string name, PlanValue value) => _values[name] = value;

    public PlanValue? Find(string name) => _values.GetValueOrDefault(name);

    /// <summary>An input of an operator that is numbers.</summary>
    public bool TryNumber(NodeProto node, int input, [NotNullWhen(true)] out NumberValue? value)
    {
        value = input < node.Input.Count ? Find(node.Input[input]) as NumberValue : null;
        return value is not null;
    }

    /// <summary>An input of an operator that is float32, [rows, width].</summary>
    public bool TryMatrix(NodeProto node, int input, [NotNullWhen(true)] out NumberValue? value) =>
        TryNumber(node, input, out value) && value is { IsConstant: false, IsFloat: true, Rank: 2 };

    public Block Reserve(int width)
    {
        // Stays above the limit without overflow, so that the plan is refused afterwards.
        Block block = new(BlockOrigin.Work, WorkWidth, width);
        WorkWidth = (int)Math.Min((long)WorkWidth + width, int.MaxValue / 2);
        return block;
    }

    public Block AddConstant(ReadOnlySpan<float> values)
    {
        Block block = new(BlockOrigin.Constant, _constants.Count, values.Length);
        _constants.AddRange(values);
        return block;
    }

    /// <summary>The values of a constant.</summary>
    public float[] GetValues(NumberValue constant) => [.. _constants.GetRange(constant.Block.Offset, constant.Block.Width)];

    /// <summary>Adds a step that writes the operator's first output as float32.</summary>
    public void Add(NodeProto node, PlanStep step, Block output, int rank = 2) =>
        Add(node, step, output, TensorProto.Types.DataType.Float, rank);

    public void Add(NodeProto node, PlanStep step, Block output, TensorProto.Types.DataType type, int rank)
    {
        _steps.Add(step);
        Define(node.Output[0], new NumberValue(output, type, rank));
    }

    /// <summary>Defines the operator's first output as a block of float32, [rows, width].</summary>
    public void DefineNumbers(NodeProto node, Block output) =>
        Define(node.Output[0], new NumberValue(output, TensorProto.Types.DataType.Float, Rank: 2));

    public void Add(PlanStep step) => _steps.Add(step);
}
