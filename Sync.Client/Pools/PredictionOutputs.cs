using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Shared.Contracts.Models;

namespace Sync.Client.Pools;

/// <summary>Writes answers into the properties of an app's class, by the names that ML.NET gives to outputs.</summary>
[RequiresUnreferencedCode(Scoring.TypedRows.RowType.Why)]
[RequiresDynamicCode(Scoring.TypedRows.RowType.Why)]
internal sealed class PredictionOutputs<TPrediction>
    where TPrediction : class, new()
{
    private const string PredictedLabel = "PredictedLabel";
    private const string Score = "Score";
    private const string Probability = "Probability";

    private readonly Action<TPrediction, string>? _label;
    private readonly Action<TPrediction, bool>? _isPositive;
    private readonly Action<TPrediction, uint>? _labelNumber;
    private readonly Action<TPrediction, float[]>? _scores;
    private readonly Action<TPrediction, float>? _score;
    private readonly Action<TPrediction, float>? _probability;
    private readonly Action<TPrediction, int>? _version;
    private readonly Action<TPrediction, string>? _sha256;

    /// <exception cref="ArgumentException">The class has no such property, or one of a type that fits no output.</exception>
    public PredictionOutputs()
    {
        _label = Find<string>(PredictedLabel);
        _isPositive = Find<bool>(PredictedLabel);
        _labelNumber = Find<uint>(PredictedLabel);
        _scores = Find<float[]>(Score);
        _score = Find<float>(Score);
        _probability = Find<float>(Probability);
        _version = Find<int>(nameof(Prediction.Version));
        _sha256 = Find<string>(nameof(Prediction.Sha256));
        Require(PredictedLabel, "a string, a bool or a uint", _label, _isPositive, _labelNumber);
        Require(Score, "a float[] or a float", _scores, _score);
        Require(Probability, "a float", _probability);
        if ((_label ?? _isPositive ?? _labelNumber ?? _scores ?? _score ?? (Delegate?)_probability) is null)
        {
            throw new ArgumentException(
                $"{typeof(TPrediction).Name} has none of the properties {PredictedLabel}, {Score} and {Probability} with a public setter");
        }
    }

    public void Write(TPrediction answer, Prediction prediction, ModelSchema schema, ReadOnlySpan<float> probabilities)
    {
        ThrowIf(_score is not null, $"{Score} is a float, and a classifier gives one probability per class: make it a float[]");
        ThrowIf(_isPositive is not null && schema.Benign is null, $"{PredictedLabel} is a bool, and the model has no benign class: make it a string");
        _label?.Invoke(answer, prediction.Label);
        _isPositive?.Invoke(answer, !prediction.IsBenign);
        _labelNumber?.Invoke(answer, (uint)prediction.LabelIndex + 1);
        _scores?.Invoke(answer, probabilities.ToArray());
        bool isOfPositive = schema.Classes.Count == 2 && schema.Benign is not null;
        _probability?.Invoke(answer, isOfPositive ? probabilities[schema.Classes[0] == schema.Benign ? 1 : 0] : prediction.Probability);
        WriteVersion(answer, prediction.Version, prediction.Sha256);
    }

    public void Write(TPrediction answer, AnomalyScore found)
    {
        ThrowIf(_scores is not null, $"{Score} is a float[], and an anomaly detector gives one score: make it a float");
        ThrowIf(_probability is not null, $"{Probability} is no output of an anomaly detector: remove it");
        _label?.Invoke(answer, ModelSchema.AnomalyClasses[found.IsAnomaly ? 1 : 0]);
        _isPositive?.Invoke(answer, found.IsAnomaly);
        _labelNumber?.Invoke(answer, found.IsAnomaly ? 2u : 1u);
        _score?.Invoke(answer, found.Score);
        WriteVersion(answer, found.Version, found.Sha256);
    }

    public void Write(TPrediction answer, PredictedValue found)
    {
        ThrowIf(_score is null, $"a regression gives one value: have {Score} as a float");
        _score!.Invoke(answer, found.Value);
        WriteVersion(answer, found.Version, found.Sha256);
    }

    private void WriteVersion(TPrediction answer, int version, string sha256)
    {
        _version?.Invoke(answer, version);
        _sha256?.Invoke(answer, sha256);
    }

    private static void ThrowIf([DoesNotReturnIf(true)] bool isWrong, string message)
    {
        if (isWrong)
        {
            throw new RelayModelException(RelayModelFault.WrongOutput, $"{typeof(TPrediction).Name}.{message}");
        }
    }

    private static void Require(string name, string types, params Delegate?[] setters)
    {
        if (typeof(TPrediction).GetProperty(name) is { } property && setters.All(setter => setter is null))
        {
            throw new ArgumentException($"{typeof(TPrediction).Name}.{name} is {property.PropertyType.Name}: make it {types}, with a public setter");
        }
    }

    private static Action<TPrediction, T>? Find<T>(string name) =>
        typeof(TPrediction).GetProperty(name, BindingFlags.Public | BindingFlags.Instance) is { } property
        && property.PropertyType == typeof(T) && property.GetSetMethod() is { } setter
            ? setter.CreateDelegate<Action<TPrediction, T>>()
            : null;
}
