using Google.Protobuf;
using Shared.Contracts.Onnx;

namespace Relay.TestKit.Models;

/// <summary>Models with an operator that the managed scorer does not run, and ONNX Runtime does.</summary>
public static class ErfModel
{
    /// <summary>Adds erf(0 * p) = 0 to the probabilities of a model, so that its golden vectors hold.</summary>
    public static byte[] Alter(byte[] onnx)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(onnx);
        NodeProto softmax = model.Graph.Node.Single(n => n.OpType == "Softmax");
        string output = softmax.Output[0];
        softmax.Output[0] = "p";
        int at = model.Graph.Node.IndexOf(softmax) + 1;
        TensorProto zero = new() { Name = "zero", DataType = (int)TensorProto.Types.DataType.Float };
        zero.Dims.Add(1);
        zero.FloatData.Add(0);
        model.Graph.Initializer.Add(zero);
        model.Graph.Node.Insert(at, new NodeProto { OpType = "Mul", Input = { "p", "zero" }, Output = { "nothing" } });
        model.Graph.Node.Insert(at + 1, new NodeProto { OpType = "Erf", Input = { "nothing" }, Output = { "erf" } });
        model.Graph.Node.Insert(at + 2, new NodeProto { OpType = "Add", Input = { "p", "erf" }, Output = { output } });
        return model.ToByteArray();
    }
}
