using Shared.Contracts.Onnx;
using Shared.Scoring.Ensembles;
using Shared.Scoring.Graph;

namespace Shared.Scoring.Operators;

/// <summary>The operators that the managed scorer runs.</summary>
internal static class OperatorCatalog
{
    public static Dictionary<(string Domain, string Operation), OperatorReader> Create(KernelFactory kernels) => new()
    {
        [(OnnxNames.MachineLearning, OnnxNames.TreeEnsembleRegressor)] = new RegressorOperator(kernels).Read,
        [(OnnxNames.MachineLearning, OnnxNames.TreeEnsembleClassifier)] = new ClassifierOperator(kernels).Read,
        [(OnnxNames.MachineLearning, OnnxNames.TreeEnsemble)] = new TreeEnsembleV5Operator(kernels).Read,
        [(OnnxNames.MachineLearning, "LabelEncoder")] = LabelEncoderOperator.Read,
        [(OnnxNames.MachineLearning, "OneHotEncoder")] = OneHotOperator.Read,
        [(OnnxNames.MachineLearning, "Scaler")] = ScalerOperator.Read,
        [(OnnxNames.MachineLearning, "Imputer")] = ImputerOperator.Read,
        [(OnnxNames.MachineLearning, "Normalizer")] = NormalizerOperator.Read,
        [(OnnxNames.Standard, "Concat")] = ConcatOperator.Read,
        [(OnnxNames.Standard, "Softmax")] = SoftmaxOperator.Read,
        [(OnnxNames.Standard, "Sigmoid")] = new ElementOperator<Logistic>().Read,
        [(OnnxNames.Standard, "Neg")] = new ElementOperator<Negation>().Read,
        [(OnnxNames.Standard, "Abs")] = new ElementOperator<Magnitude>().Read,
        [(OnnxNames.Standard, "Sqrt")] = new ElementOperator<SquareRoot>().Read,
        [(OnnxNames.Standard, "Add")] = new ArithmeticOperator<Sum>().Read,
        [(OnnxNames.Standard, "Sub")] = new ArithmeticOperator<Difference>().Read,
        [(OnnxNames.Standard, "Mul")] = new ArithmeticOperator<Product>().Read,
        [(OnnxNames.Standard, "Div")] = new ArithmeticOperator<Quotient>().Read,
        [(OnnxNames.Standard, "Pow")] = PowerOperator.Read,
        [(OnnxNames.Standard, "Less")] = new ComparisonOperator<IsLess>().Read,
        [(OnnxNames.Standard, "LessOrEqual")] = new ComparisonOperator<IsAtMost>().Read,
        [(OnnxNames.Standard, "Greater")] = new ComparisonOperator<IsGreater>().Read,
        [(OnnxNames.Standard, "GreaterOrEqual")] = new ComparisonOperator<IsAtLeast>().Read,
        [(OnnxNames.Standard, "Where")] = WhereOperator.Read,
        [(OnnxNames.Standard, "Cast")] = CastOperator.Read,
        [(OnnxNames.Standard, "Squeeze")] = ShapeOperator.ReadSqueeze,
        [(OnnxNames.Standard, "Flatten")] = ShapeOperator.ReadFlatten,
        [(OnnxNames.Standard, "Reshape")] = ShapeOperator.ReadReshape,
        [(OnnxNames.Standard, "ArgMax")] = ArgMaxOperator.Read,
        [(OnnxNames.Standard, "Identity")] = IdentityOperator.Read,
    };
}
