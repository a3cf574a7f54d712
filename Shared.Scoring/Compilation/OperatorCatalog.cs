using Shared.Contracts.Onnx;
using Shared.Scoring.Ensembles;
using Shared.Scoring.Graph;
using Shared.Scoring.Kernels;
using Shared.Scoring.Operators;

namespace Shared.Scoring.Compilation;

/// <summary>The operators that the managed scorer runs.</summary>
internal static class OperatorCatalog
{
    public static Dictionary<(string Domain, string Operation), OperatorDefinition> Create(KernelFactory kernels) => new()
    {
        [(OnnxNames.MachineLearning, OnnxNames.TreeEnsembleRegressor)] = new(new RegressorOperator(kernels).Read, ColumnFlow.Mixing),
        [(OnnxNames.MachineLearning, OnnxNames.TreeEnsembleClassifier)] = new(new ClassifierOperator(kernels).Read, ColumnFlow.Mixing),
        [(OnnxNames.MachineLearning, OnnxNames.TreeEnsemble)] = new(new TreeEnsembleV5Operator(kernels).Read, ColumnFlow.Mixing),
        [(OnnxNames.MachineLearning, "LabelEncoder")] = new(LabelEncoderOperator.Read, ColumnFlow.Columnwise),
        [(OnnxNames.MachineLearning, "OneHotEncoder")] = new(OneHotOperator.Read, ColumnFlow.OneToMany),
        [(OnnxNames.MachineLearning, "Scaler")] = new(ScalerOperator.Read, ColumnFlow.Columnwise),
        [(OnnxNames.MachineLearning, "Imputer")] = new(ImputerOperator.Read, ColumnFlow.Columnwise),
        [(OnnxNames.MachineLearning, "Normalizer")] = new(NormalizerOperator.Read, ColumnFlow.Mixing),
        [(OnnxNames.Standard, "Concat")] = new(ConcatOperator.Read, ColumnFlow.Concatenation),
        [(OnnxNames.Standard, "Softmax")] = new(SoftmaxOperator.Read, ColumnFlow.Mixing),
        [(OnnxNames.Standard, "Sigmoid")] = new(UnaryOperator<UnaryFunctions.Logistic>.Read, ColumnFlow.Columnwise),
        [(OnnxNames.Standard, "Neg")] = new(UnaryOperator<UnaryFunctions.Negation>.Read, ColumnFlow.Columnwise),
        [(OnnxNames.Standard, "Abs")] = new(UnaryOperator<UnaryFunctions.AbsoluteValue>.Read, ColumnFlow.Columnwise),
        [(OnnxNames.Standard, "Sqrt")] = new(UnaryOperator<UnaryFunctions.SquareRoot>.Read, ColumnFlow.Columnwise),
        [(OnnxNames.Standard, "Add")] = new(BinaryOperator<BinaryFunctions.Sum>.Read, ColumnFlow.Columnwise),
        [(OnnxNames.Standard, "Sub")] = new(BinaryOperator<BinaryFunctions.Difference>.Read, ColumnFlow.Columnwise),
        [(OnnxNames.Standard, "Mul")] = new(BinaryOperator<BinaryFunctions.Product>.Read, ColumnFlow.Columnwise),
        [(OnnxNames.Standard, "Div")] = new(BinaryOperator<BinaryFunctions.Quotient>.Read, ColumnFlow.Columnwise),
        [(OnnxNames.Standard, "Pow")] = new(PowerOperator.Read, ColumnFlow.Columnwise),
        [(OnnxNames.Standard, "Less")] = new(ComparisonOperator<BinaryFunctions.Less>.Read, ColumnFlow.Columnwise),
        [(OnnxNames.Standard, "LessOrEqual")] = new(ComparisonOperator<BinaryFunctions.LessOrEqual>.Read, ColumnFlow.Columnwise),
        [(OnnxNames.Standard, "Greater")] = new(ComparisonOperator<BinaryFunctions.Greater>.Read, ColumnFlow.Columnwise),
        [(OnnxNames.Standard, "GreaterOrEqual")] = new(ComparisonOperator<BinaryFunctions.GreaterOrEqual>.Read, ColumnFlow.Columnwise),
        [(OnnxNames.Standard, "Where")] = new(WhereOperator.Read, ColumnFlow.Columnwise),
        [(OnnxNames.Standard, "Cast")] = new(CastOperator.Read, ColumnFlow.Columnwise),
        [(OnnxNames.Standard, "Squeeze")] = new(ShapeOperator.ReadSqueeze, ColumnFlow.Columnwise),
        [(OnnxNames.Standard, "Flatten")] = new(ShapeOperator.ReadFlatten, ColumnFlow.Columnwise),
        [(OnnxNames.Standard, "Reshape")] = new(ShapeOperator.ReadReshape, ColumnFlow.Columnwise),
        [(OnnxNames.Standard, "ArgMax")] = new(ArgMaxOperator.Read, ColumnFlow.Mixing),
        [(OnnxNames.Standard, "Identity")] = new(IdentityOperator.Read, ColumnFlow.Columnwise),
    };
}
