using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Shared.Contracts.Models;
using Sync.Client.Scoring.TypedRows;

namespace Sync.Client.Pools;

/// <summary>Predictions in the shape of ML.NET's <c>PredictionEnginePool</c>: an object in, an object out. The models are kept current by the node;
/// nothing
/// is pooled, since a model answers any number of threads.</summary>
/// <typeparam name="TData">A type with a public property for each input, as of <see cref="IRelayModel{TRow}"/>.</typeparam>
/// <typeparam name="TPrediction">A class with properties that are named as ML.NET names outputs: <c>PredictedLabel</c> (string; bool, true for what
/// is
/// not benign; or uint, the number of the class from 1), <c>Score</c> (float[] with one probability per class; float of a regression or an anomaly
/// detector), <c>Probability</c> (float: of two classes, that of the one that is not benign; else that of the label), <c>Version</c> (int) and
/// <c>Sha256</c> (string) of what answered.</typeparam>
[RequiresUnreferencedCode(RowType.Why)]
[RequiresDynamicCode(RowType.Why)]
public sealed class RelayPool<TData, TPrediction>
    where TPrediction : class, new()
{
    private const int MaximumAttempts = 3;

    private readonly Func<string, IRelayModel<TData>> _find;
    private readonly Dictionary<string, string> _keys;
    private readonly string? _default;
    private readonly PredictionOutputs<TPrediction> _outputs;

    internal RelayPool(Func<string, IRelayModel<TData>> find, RelayPoolBuilder<TData, TPrediction> builder)
    {
        (_find, _keys, _default) = (find, builder.Keys, builder.Default);
        _outputs = new PredictionOutputs<TPrediction>();
    }

    /// <summary>Predicts with the model that <c>FromRelay</c> named first.</summary>
    /// <param name="example">The row.</param>
    /// <exception cref="InvalidOperationException">No model was named.</exception>
    /// <exception cref="RelayModelException">The call has no answer; the library never returns a default one instead.</exception>
    public TPrediction Predict(TData example) => Predict(
        GetModel(_default ?? throw new InvalidOperationException("no model was named: call AddRelayPool<TData, TPrediction>().FromRelay(\"model\")")),
        example);

    /// <summary>Predicts with a model by the name that <c>FromRelay</c> gave it.</summary>
    /// <param name="modelName">The name.</param>
    /// <param name="example">The row.</param>
    /// <exception cref="ArgumentException">No model has the name.</exception>
    /// <exception cref="RelayModelException">The call has no answer; the library never returns a default one instead.</exception>
    public TPrediction Predict(string modelName, TData example) => Predict(GetModel(modelName), example);

    /// <summary>The model itself, for its state and version.</summary>
    /// <param name="modelName">The name that <c>FromRelay</c> gave it.</param>
    /// <exception cref="ArgumentException">No model has the name.</exception>
    public IRelayModel<TData> GetModel(string modelName) => _keys.TryGetValue(modelName, out string? key)
        ? _find(key)
        : throw new ArgumentException($"this pool has no model '{modelName}': add it by FromRelay", nameof(modelName));

    private TPrediction Predict(IRelayModel<TData> model, TData example)
    {
        TPrediction answer = new();
        switch (model.Untyped.Active.Schema.Task)
        {
            case ModelTask.Classification:
                Classify(model, example, answer);
                return answer;
            case ModelTask.AnomalyDetection:
                _outputs.Write(answer, model.ScoreSamples(example));
                return answer;
            case ModelTask.Regression:
                _outputs.Write(answer, model.PredictValue(example));
                return answer;
            default:
                throw new RelayModelException(RelayModelFault.WrongTask, $"{model.Untyped.Name} scales rows: call Transform of GetModel(...)");
        }
    }

    // A version with other classes may become active between two lines: the answer must be of the version whose classes were read.
    private void Classify(IRelayModel<TData> model, TData example, TPrediction answer)
    {
        for (int attempt = 0; attempt < MaximumAttempts; attempt++)
        {
            ActiveModelVersion active = model.Untyped.Active;
            float[] probabilities = ArrayPool<float>.Shared.Rent(active.Schema.Classes.Count);
            try
            {
                Prediction prediction = model.Predict(example, probabilities);
                if (prediction.Sha256 == active.Sha256)
                {
                    _outputs.Write(answer, prediction, active.Schema, probabilities.AsSpan(0, active.Schema.Classes.Count));
                    return;
                }
            }
            catch (RelayModelException e) when (e.Fault is RelayModelFault.WrongOutput && attempt + 1 < MaximumAttempts)
            {
                // The next attempt has room for the classes of the version that came.
            }
            finally
            {
                ArrayPool<float>.Shared.Return(probabilities);
            }
        }

        throw new RelayModelException(RelayModelFault.NotReady, $"{model.Untyped.Name} changes faster than a row is scored");
    }
}
