using Relay.TestKit.Fuzz;
using Relay.Training.Importing;

namespace Relay.Training.Tests.Importing;

/// <summary>Altered model files are read or refused. Runs alone: it measures what stays on the heap.</summary>
[Collection(Name)]
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ModelFileFuzzTests
{
    private const string Name = "model file fuzz";

    [Fact]
    [Trait("Attack", "hostile-model-file")]
    public void Read_AlteredFiles_AreReadOrRefusedAndNothingElse() =>
        Fuzz(
            200, ByteMutator.Apply, "lightgbm-zero-as-missing", "lightgbm-forest", "lightgbm-sets-multiclass", "xgboost-dart", "xgboost-multiclass",
            "xgboost-sets-binary");

    [Fact]
    [Trait("Attack", "hostile-model-file")]
    public void Read_AlteredGraphs_AreReadOrRefusedAndNothingElse() =>
        Fuzz(100, ProtobufMutator.Apply, "onnx-sklearn-boosting", "onnx-catboost-form", "onnx-sklearn-logistic");

    private static void Fuzz(int inputs, Mutator mutate, params string[] names)
    {
        ImportFixture[] fixtures = [.. names.Select(ImportFixture.Load)];
        FuzzRun.ForAll(inputs, mutate, [.. fixtures.Select(f => f.File)], (input, file) =>
        {
            try
            {
                ModelImporter.Read(fixtures[input].Job("unused.csv", file)).Dispose();
            }
            catch (TrainingException refused)
            {
                Assert.Contains(refused.Fault, new[] { TrainingFault.InvalidModelFile, TrainingFault.InvalidSpec });
            }
        });
    }
}
