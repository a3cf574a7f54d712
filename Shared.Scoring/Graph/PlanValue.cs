using Shared.Contracts.Onnx;

namespace Shared.Scoring.Graph;

/// <summary>What is known of a tensor while a plan is made.</summary>
internal abstract record PlanValue;

/// <summary>Numbers, held as float32 whatever their type in the graph; integers and truth values are small enough to be exact.</summary>
/// <param name="Type">Float, Int64 or Bool.</param>
/// <param name="Rank">1: [rows]. 2: [rows, width]. 3: [rows, 1, width]. For a constant: its dimensions.</param>
internal sealed record NumberValue(Block Block, TensorProto.Types.DataType Type, int Rank) : PlanValue
{
    public bool IsConstant => Block.Origin is Origin.Constant;

    public bool IsFloat => Type is TensorProto.Types.DataType.Float;
}

/// <summary>A text that the caller brings, [rows, 1].</summary>
internal sealed record CategoryValue(int Column) : PlanValue;

/// <summary>One of a few texts by its index, [rows].</summary>
internal sealed record LabelValue(Block Index, string[] Texts) : PlanValue;
