namespace Shared.Contracts.Onnx;

/// <summary>Names of the ONNX standard that the writer and the inspector share.</summary>
public static class OnnxNames
{
    /// <summary>The domain of the general operators.</summary>
    public const string Standard = "";

    /// <summary>The domain of tree ensembles and encoders.</summary>
    public const string MachineLearning = "ai.onnx.ml";

    public const string TreeEnsembleRegressor = "TreeEnsembleRegressor";
    public const string TreeEnsembleClassifier = "TreeEnsembleClassifier";
    public const string TreeEnsemble = "TreeEnsemble";
    public const string LabelEncoder = "LabelEncoder";
    public const string Scaler = "Scaler";
    public const string Leaf = "LEAF";
    public const string BranchLessOrEqual = "BRANCH_LEQ";
}
