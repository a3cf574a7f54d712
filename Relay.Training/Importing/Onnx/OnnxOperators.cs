using Shared.Contracts.Onnx;

namespace Relay.Training.Importing.Onnx;

/// <summary>The operators of a graph that is imported: they compute a row from a row, and nothing in
/// them can grow beyond what the file holds.</summary>
internal static class OnnxOperators
{
    private static readonly HashSet<string> Standard = new(StringComparer.Ordinal)
    {
        "Abs", "Add", "And", "ArgMax", "ArgMin", "BatchNormalization", "Cast", "Ceil", "Clip", "Concat", "Constant", "Div", "Dropout", "Elu", "Equal",
        "Erf", "Exp", "Flatten", "Floor", "Gather", "Gelu", "Gemm", "Greater", "GreaterOrEqual", "HardSigmoid", "HardSwish", "Identity", "IsNaN",
        "LayerNormalization", "LeakyRelu", "Less", "LessOrEqual", "Log", "LogSoftmax", "MatMul", "Max", "Mean", "Min", "Mish", "Mul", "Neg",
        "Not", "Or", "PRelu", "Pow",
        "Reciprocal", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceSum", "Relu", "Reshape", "Round", "Selu", "Sigmoid", "Sign", "Softmax",
        "Softplus", "Softsign", "Split", "Sqrt", "Squeeze", "Sub", "Sum", "Tanh", "Unsqueeze", "Where",
    };

    private static readonly HashSet<string> MachineLearning = new(StringComparer.Ordinal)
    {
        "ArrayFeatureExtractor", "Binarizer", "FeatureVectorizer", "Imputer", "LabelEncoder", "LinearClassifier", "LinearRegressor", "Normalizer",
        "OneHotEncoder", "SVMClassifier", "SVMRegressor", "Scaler", "TreeEnsemble", "TreeEnsembleClassifier", "TreeEnsembleRegressor", "ZipMap",
    };

    public static bool IsAllowed(NodeProto node) => (node.Domain == OnnxNames.MachineLearning ? MachineLearning : Standard).Contains(node.OpType);
}
