using Shared.Contracts.Onnx;

namespace Shared.Scoring.Graph;

/// <summary>A tensor of numbers, held as float32 whatever its type in the graph; integers and truth values are small enough to be
/// exact.</summary>
/// <param name="Type">Float, Int64 or Bool.</param>
/// <param name="Rank">1: [rows]. 2: [rows, width]. 3: [rows, 1, width]. For a constant: its dimensions.</param>
internal sealed record NumberValue(Block Block, TensorProto.Types.DataType Type, int Rank) : PlanValue
{
    public override int Width => Block.Width;

    public bool IsConstant => Block.Origin is BlockOrigin.Constant;

    public bool IsFloat => Type is TensorProto.Types.DataType.Float;
}
