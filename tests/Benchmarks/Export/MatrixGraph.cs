using Google.Protobuf;
using Relay.Training.Export;
using Relay.Training.Export.Parts;
using Relay.Training.Trees;
using Shared.Contracts.Onnx;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Benchmarks.Export;

/// <summary>Our graph of an ensemble, fed with one matrix of float32 as converters have it, so that the same work is measured.</summary>
internal static class MatrixGraph
{
    public const string Input = "rows_in";

    public static byte[] Write(TreeEnsemble ensemble, IReadOnlyList<string> classes)
    {
        GraphBuilder graph = new("relay");
        string rows = graph.Input(Input, DataType.Float, ensemble.FeatureCount);
        ClassificationPart.Write(graph, rows, TreeEnsembleOperator.Attributes(ensemble), ensemble.Link, classes);
        ModelProto model = new() { IrVersion = 8, ProducerName = "relay", Graph = graph.Build() };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = OnnxNames.Standard, Version = 17 });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = OnnxNames.MachineLearning, Version = 3 });
        return model.ToByteArray();
    }
}
