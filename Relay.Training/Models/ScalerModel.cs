using Relay.Training.Data.Features;
using Relay.Training.Export;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Relay.Training.Models;

/// <summary>A scaler as a model of its own: numbers in, the same numbers scaled out.</summary>
public sealed class ScalerModel(ModelSchema schema, IReadOnlyList<FeatureEncoding> encodings, ColumnScaler scaler)
    : FittedModel(schema, encodings)
{
    public ColumnScaler Scaler { get; } = scaler;

    public override Predictions Score(float[][] columns, CancellationToken cancellationToken = default)
    {
        int width = columns.Length;
        float[] values = new float[checked(columns[0].Length * width)];
        float[][] scaled = Scaler.Apply(columns);
        for (int c = 0; c < width; c++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int row = 0; row < scaled[c].Length; row++)
            {
                values[(row * width) + c] = scaled[c][row];
            }
        }

        return new Predictions(width, values, []);
    }

    internal override void Write(GraphBuilder graph, string row) => graph.Output(
        Schema.NumericOutput, DataType.Float, Schema.OutputWidth, OnnxNames.MachineLearning, OnnxNames.Scaler, [row],
        Scaler.Attributes());
}
