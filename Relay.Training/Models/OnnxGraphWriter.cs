using Relay.Training.Export;
using Relay.Training.Export.Parts;
using Shared.Contracts.Onnx;

namespace Relay.Training.Models;

/// <summary>The one writer of models. The graph takes raw named columns and gives what the schema promises, so encoders and scalers
/// travel with the model and no caller has to repeat them.</summary>
public static class OnnxGraphWriter
{
    /// <summary>The same model gives the same bytes.</summary>
    public static ModelProto Write(FittedModel fitted)
    {
        if (fitted.Finished is { } finished)
        {
            return finished;
        }

        GraphBuilder graph = new("relay");
        fitted.Write(graph, InputPart.Write(graph, fitted.Encodings));

        GraphVersions versions = fitted.Versions;
        ModelProto model = new() { IrVersion = versions.Ir, ProducerName = "relay", Graph = graph.Build() };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = OnnxNames.Standard, Version = versions.Standard });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = OnnxNames.MachineLearning, Version = versions.MachineLearning });
        return model;
    }
}
